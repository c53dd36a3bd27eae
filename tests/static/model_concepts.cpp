// SPDX-License-Identifier: MIT
// Each concept of model/, knn/ and base/executor.hpp from both sides: the smallest type that models it, and that type
// less one operation at a time, which must not.
#include "reco/model/concepts.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "reco/base/executor.hpp"
#include "reco/base/training.hpp"
#include "reco/knn/concepts.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"

namespace {

using query = reco::query<float>;
using list = reco::ranked_list<float>;

/// What is taken away from a type, or made almost right.
enum class flaw {
  none,
  no_scalar,
  no_items,
  items_wide,  ///< another integer: would be cut short in silence
  items_not_const,
  no_can_answer,
  can_answer_number,
  can_answer_not_const,
  no_operation,  ///< what the concept adds to `recommender`
  operation_not_const,
  operation_other_scalar,
  operation_other_result
};

template <flaw F>
struct scalar_of {
  using scalar = float;
};
template <>
struct scalar_of<flaw::no_scalar> {};

// ------------------------------------------------------------------------------------------ recommender

template <flaw F>
struct minimal_recommender : scalar_of<F> {
  std::int32_t items() const
    requires(F != flaw::no_items && F != flaw::items_wide && F != flaw::items_not_const);
  std::int64_t items() const
    requires(F == flaw::items_wide);
  std::int32_t items()
    requires(F == flaw::items_not_const);

  bool can_answer(const query&) const
    requires(F != flaw::no_can_answer && F != flaw::can_answer_number && F != flaw::can_answer_not_const);
  int can_answer(const query&) const
    requires(F == flaw::can_answer_number);
  bool can_answer(const query&)
    requires(F == flaw::can_answer_not_const);
};

static_assert(reco::recommender<minimal_recommender<flaw::none>>);
static_assert(!reco::recommender<minimal_recommender<flaw::no_scalar>>);
static_assert(!reco::recommender<minimal_recommender<flaw::no_items>>);
static_assert(!reco::recommender<minimal_recommender<flaw::items_wide>>);
static_assert(!reco::recommender<minimal_recommender<flaw::items_not_const>>);
static_assert(!reco::recommender<minimal_recommender<flaw::no_can_answer>>);
static_assert(!reco::recommender<minimal_recommender<flaw::can_answer_number>>);
static_assert(!reco::recommender<minimal_recommender<flaw::can_answer_not_const>>);
static_assert(!reco::recommender<int> && !reco::recommender<void>);

// Knowing whether to answer is not answering: nobody can ask it for a list.
static_assert(!reco::scorer<minimal_recommender<flaw::none>> && !reco::lists<minimal_recommender<flaw::none>>);
template <class M>
concept can_be_asked = requires(const M& m, const query& q) { reco::recommend(m, q); };
static_assert(!can_be_asked<minimal_recommender<flaw::none>>);

/// Holds for what is asked of a recommender again inside each concept that needs one.
template <template <flaw> class Minimal, template <class> class Holds>
inline constexpr bool needs_a_recommender =
    !Holds<Minimal<flaw::no_scalar>>::value && !Holds<Minimal<flaw::no_items>>::value &&
    !Holds<Minimal<flaw::items_wide>>::value && !Holds<Minimal<flaw::items_not_const>>::value &&
    !Holds<Minimal<flaw::no_can_answer>>::value && !Holds<Minimal<flaw::can_answer_number>>::value &&
    !Holds<Minimal<flaw::can_answer_not_const>>::value;

// ----------------------------------------------------------------------------------------------- scorer

template <flaw F>
struct minimal_scorer : minimal_recommender<F> {
  void scores(const query&, std::span<float>) const
    requires(F != flaw::no_operation && F != flaw::operation_not_const && F != flaw::operation_other_scalar);
  void scores(const query&, std::span<float>)
    requires(F == flaw::operation_not_const);
  void scores(const query&, std::span<double>) const
    requires(F == flaw::operation_other_scalar);
};
template <class M>
struct is_scorer : std::bool_constant<reco::scorer<M>> {};

static_assert(reco::scorer<minimal_scorer<flaw::none>>);
static_assert(!reco::scorer<minimal_scorer<flaw::no_operation>>);
static_assert(!reco::scorer<minimal_scorer<flaw::operation_not_const>>);
static_assert(!reco::scorer<minimal_scorer<flaw::operation_other_scalar>>);
static_assert(needs_a_recommender<minimal_scorer, is_scorer>);
static_assert(can_be_asked<minimal_scorer<flaw::none>> && !reco::lists<minimal_scorer<flaw::none>>);

// ------------------------------------------------------------------------------------------------ lists

template <flaw F>
struct minimal_lists : minimal_recommender<F> {
  list recommend(const query&, const reco::request&) const
    requires(F != flaw::no_operation && F != flaw::operation_not_const && F != flaw::operation_other_scalar &&
             F != flaw::operation_other_result);
  list recommend(const query&, const reco::request&)
    requires(F == flaw::operation_not_const);
  reco::ranked_list<double> recommend(const query&, const reco::request&) const
    requires(F == flaw::operation_other_scalar);
  std::vector<reco::scored_item<float>> recommend(const query&, const reco::request&) const
    requires(F == flaw::operation_other_result);
};
template <class M>
struct is_lists : std::bool_constant<reco::lists<M>> {};

static_assert(reco::lists<minimal_lists<flaw::none>>);
static_assert(!reco::lists<minimal_lists<flaw::no_operation>>);
static_assert(!reco::lists<minimal_lists<flaw::operation_not_const>>);
static_assert(!reco::lists<minimal_lists<flaw::operation_other_scalar>>);
static_assert(!reco::lists<minimal_lists<flaw::operation_other_result>>);  // nobody looked for NaN and repeats
static_assert(needs_a_recommender<minimal_lists, is_lists>);
static_assert(can_be_asked<minimal_lists<flaw::none>> && !reco::scorer<minimal_lists<flaw::none>>);

// ----------------------------------------------------------------------------------------- embeds_items

/// Vectors without a model: it need not answer queries.
template <flaw F>
struct minimal_embedding : scalar_of<F> {
  std::int32_t items() const
    requires(F != flaw::no_items && F != flaw::items_wide && F != flaw::items_not_const);
  std::int64_t items() const
    requires(F == flaw::items_wide);
  std::int32_t items()
    requires(F == flaw::items_not_const);

  std::span<const float> embedding(std::int32_t) const
    requires(F != flaw::no_operation && F != flaw::operation_not_const && F != flaw::operation_other_scalar &&
             F != flaw::operation_other_result);
  std::span<const float> embedding(std::int32_t)
    requires(F == flaw::operation_not_const);
  std::span<const double> embedding(std::int32_t) const
    requires(F == flaw::operation_other_scalar);
  std::span<float> embedding(std::int32_t) const  // a model is immutable
    requires(F == flaw::operation_other_result);
};

template <class M>
concept can_compare_items = requires(const M& m) { reco::similar_items(m, 0); };

static_assert(reco::embeds_items<minimal_embedding<flaw::none>> && can_compare_items<minimal_embedding<flaw::none>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::no_scalar>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::no_items>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::items_wide>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::items_not_const>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::no_operation>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::operation_not_const>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::operation_other_scalar>>);
static_assert(!reco::embeds_items<minimal_embedding<flaw::operation_other_result>>);
static_assert(!can_compare_items<minimal_embedding<flaw::no_operation>>);

// --------------------------------------------------------------------------------------------- explains

template <flaw F>
struct minimal_explainer : minimal_recommender<F> {
  reco::explanation<float> explain(const query&, std::int32_t) const
    requires(F != flaw::no_operation && F != flaw::operation_not_const && F != flaw::operation_other_scalar &&
             F != flaw::operation_other_result);
  reco::explanation<float> explain(const query&, std::int32_t)
    requires(F == flaw::operation_not_const);
  reco::explanation<double> explain(const query&, std::int32_t) const
    requires(F == flaw::operation_other_scalar);
  std::string explain(const query&, std::int32_t) const  // words do not add up to a score
    requires(F == flaw::operation_other_result);
};
template <class M>
struct is_explainer : std::bool_constant<reco::explains<M>> {};
template <class M>
concept can_be_asked_why = requires(const M& m, const query& q) { reco::explain(m, q, 0); };

static_assert(reco::explains<minimal_explainer<flaw::none>> && can_be_asked_why<minimal_explainer<flaw::none>>);
static_assert(!reco::explains<minimal_explainer<flaw::no_operation>>);
static_assert(!reco::explains<minimal_explainer<flaw::operation_not_const>>);
static_assert(!reco::explains<minimal_explainer<flaw::operation_other_scalar>>);
static_assert(!reco::explains<minimal_explainer<flaw::operation_other_result>>);
static_assert(needs_a_recommender<minimal_explainer, is_explainer>);
static_assert(!can_be_asked_why<minimal_explainer<flaw::no_operation>>);

// -------------------------------------------------------------------------------------------- estimator

struct some_data {};
struct other_data {};

enum class estimator_flaw {
  none,
  no_name,
  name_number,
  no_options,
  no_equality,
  no_fit,
  fit_not_const,
  no_training,  ///< cannot be told how to run
  needs_training,
  fit_no_model
};
using lacks = estimator_flaw;

template <lacks F>
struct name_of {
  static constexpr std::string_view name = "minimal";
};
template <>
struct name_of<lacks::no_name> {};
template <>
struct name_of<lacks::name_number> {
  static constexpr int name = 1;
};

template <lacks F>
struct minimal_estimator : name_of<F> {
  using model = minimal_recommender<flaw::none>;

  static constexpr std::tuple<> options()
    requires(F != lacks::no_options)
  {
    return {};
  }
  bool operator==(const minimal_estimator&) const
    requires(F != lacks::no_equality);

  model fit(const some_data&, const reco::training&) const
    requires(F != lacks::no_fit && F != lacks::fit_not_const && F != lacks::no_training && F != lacks::fit_no_model);
  model fit(const some_data&) const
    requires(F != lacks::no_fit && F != lacks::fit_not_const && F != lacks::needs_training && F != lacks::fit_no_model);
  model fit(const some_data&, const reco::training& = {})
    requires(F == lacks::fit_not_const);
  bool fit(const some_data&, const reco::training& = {}) const
    requires(F == lacks::fit_no_model);
};

static_assert(reco::estimator<minimal_estimator<lacks::none>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::none>, other_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::no_name>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::name_number>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::no_options>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::no_equality>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::no_fit>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::fit_not_const>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::no_training>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::needs_training>, some_data>);
static_assert(!reco::estimator<minimal_estimator<lacks::fit_no_model>, some_data>);

// --------------------------------------------------------------------------------------------- executor

enum class executor_flaw { none, no_run, no_count, no_job, job_without_index };

template <executor_flaw F>
struct minimal_executor {
  void run(std::int64_t, reco::indexed_job)
    requires(F == executor_flaw::none);
  void run(reco::indexed_job)
    requires(F == executor_flaw::no_count);
  void run(std::int64_t)
    requires(F == executor_flaw::no_job);
  void run(std::int64_t, reco::function_ref<void()>)  // would not know which part to do
    requires(F == executor_flaw::job_without_index);
};

static_assert(reco::executor<minimal_executor<executor_flaw::none>>);
static_assert(!reco::executor<minimal_executor<executor_flaw::no_run>>);
static_assert(!reco::executor<minimal_executor<executor_flaw::no_count>>);
static_assert(!reco::executor<minimal_executor<executor_flaw::no_job>>);
static_assert(!reco::executor<minimal_executor<executor_flaw::job_without_index>>);
// A pool is not const while it works, but one that can be used const is fine as well.
static_assert(!reco::executor<const minimal_executor<executor_flaw::none>>);
static_assert(std::constructible_from<reco::executor_ref, minimal_executor<executor_flaw::none>&>);
static_assert(!std::constructible_from<reco::executor_ref, minimal_executor<executor_flaw::no_run>&>);
static_assert(!std::constructible_from<reco::executor_ref, minimal_executor<executor_flaw::none>>);  // would dangle

// --------------------------------------------------------------------------------------- neighbor_index

enum class index_flaw {
  none,
  no_scalar,
  no_items,
  items_wide,
  no_dimension,
  dimension_wide,
  no_search,
  search_not_const,
  no_request,  ///< how many, and without which
  other_query,
  other_list,
  plain_list
};

template <index_flaw F>
struct index_scalar {
  using scalar = float;
};
template <>
struct index_scalar<index_flaw::no_scalar> {};

template <index_flaw F>
struct minimal_index : index_scalar<F> {
  std::int32_t items() const
    requires(F != index_flaw::no_items && F != index_flaw::items_wide);
  std::size_t items() const
    requires(F == index_flaw::items_wide);

  std::int32_t dimension() const
    requires(F != index_flaw::no_dimension && F != index_flaw::dimension_wide);
  std::size_t dimension() const
    requires(F == index_flaw::dimension_wide);

  list search(std::span<const float>, const reco::request&) const
    requires(F < index_flaw::no_search);
  list search(std::span<const float>, const reco::request&)
    requires(F == index_flaw::search_not_const);
  list search(std::span<const float>) const
    requires(F == index_flaw::no_request);
  list search(std::span<const double>, const reco::request&) const
    requires(F == index_flaw::other_query);
  reco::ranked_list<double> search(std::span<const float>, const reco::request&) const
    requires(F == index_flaw::other_list);
  std::vector<reco::scored_item<float>> search(std::span<const float>, const reco::request&) const
    requires(F == index_flaw::plain_list);
};

static_assert(reco::neighbor_index<minimal_index<index_flaw::none>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::no_scalar>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::no_items>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::items_wide>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::no_dimension>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::dimension_wide>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::no_search>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::search_not_const>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::no_request>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::other_query>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::other_list>>);
static_assert(!reco::neighbor_index<minimal_index<index_flaw::plain_list>>);

}  // namespace
