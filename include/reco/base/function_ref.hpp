// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

template <class Signature>
class function_ref;

/// A borrowed callable: two pointers, no allocation. Lives no longer than what it refers to, so it is
/// for parameters only. (`std::function_ref` is C++26.)
template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
 public:
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, function_ref>) && std::is_invocable_r_v<Result, F&, Arguments...>
  function_ref(F&& f) noexcept  // NOLINT(google-explicit-constructor): a parameter type, like string_view
      : object_(const_cast<void*>(reinterpret_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Arguments... arguments) -> Result {
          auto& callee = *reinterpret_cast<std::add_pointer_t<F>>(object);  // of an object or a function
          if constexpr (std::is_void_v<Result>) static_cast<void>(callee(std::forward<Arguments>(arguments)...));
          else return callee(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace reco
