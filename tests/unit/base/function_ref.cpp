// SPDX-License-Identifier: MIT
#include "reco/base/function_ref.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"

using namespace reco_test;

namespace {
int triple(int x) { return 3 * x; }
}  // namespace

static_assert(sizeof(reco::function_ref<void()>) == 2 * sizeof(void*));
static_assert(std::is_trivially_copyable_v<reco::function_ref<int(int)>>);
static_assert(std::is_convertible_v<int (&)(int), reco::function_ref<int(int)>>);
static_assert(std::is_convertible_v<int (&)(int), reco::function_ref<double(short)>>);
static_assert(!std::is_convertible_v<int (&)(int), reco::function_ref<int(std::string)>>);
static_assert(!std::is_convertible_v<int (&)(int), reco::function_ref<std::string(int)>>);

TEST_CASE("a function_ref calls the object it was made from and not a copy of it") {
  int calls = 0;
  auto counter = [&calls, own = 0]() mutable {
    ++calls;
    return ++own;
  };
  const reco::function_ref<int()> ref = counter;
  CHECK(ref() == 1);
  CHECK(ref() == 2);
  CHECK(counter() == 3);
  CHECK(calls == 3);
}

TEST_CASE("a copy of a function_ref calls the same object") {
  int x = 1;
  auto add = [&](int y) { x += y; };
  const reco::function_ref<void(int)> first = add;
  reco::function_ref<void(int)> second = [](int) {};
  second = first;
  second(5);
  CHECK(x == 6);
}

TEST_CASE("functions, const callables and temporaries for the length of a call serve") {
  const auto apply = [](reco::function_ref<int(int)> f) { return f(7); };
  const auto negate = [](int x) { return -x; };
  CHECK(apply(triple) == 21);
  CHECK(apply(negate) == -7);
  CHECK(apply([](int x) { return x + 1; }) == 8);
}

TEST_CASE("a result that is not wanted is dropped") {
  int calls = 0;
  const auto count = [&](int x) { return calls += x; };
  const reco::function_ref<void(int)> ref = count;
  ref(3);
  CHECK(calls == 3);
}

TEST_CASE("arguments are forwarded and references come back as references") {
  const auto take = [](std::unique_ptr<int> p) { return *p; };
  CHECK(reco::function_ref<int(std::unique_ptr<int>)>(take)(std::make_unique<int>(9)) == 9);
  int value = 1;
  const auto same = [](int& x) -> int& { return x; };
  CHECK(&reco::function_ref<int&(int&)>(same)(value) == &value);
}
