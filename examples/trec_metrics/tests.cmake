# SPDX-License-Identifier: MIT
# The program prints what trec_eval prints on its own test files, and says what is wrong with input it cannot use.

# prints_as_trec_eval(NAME EXPECTED ARGUMENTS...)
function(prints_as_trec_eval name expected)
  add_test(NAME example.trec_metrics.${name} COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:trec_metrics>
    -D expected=${expected} "-Darguments=${ARGN}" -P ${CMAKE_CURRENT_SOURCE_DIR}/trec_metrics/compare_with_trec_eval.cmake)
  set_tests_properties(example.trec_metrics.${name} PROPERTIES LABELS example SKIP_REGULAR_EXPRESSION "skipped: needs ")
endfunction()

prints_as_trec_eval(official out.test qrels.test results.test)
prints_as_trec_eval(comments out.test qrels.test.with-comments results.test)
if(TARGET reco::xz)
  prints_as_trec_eval(comments_and_columns out.comment.test qrels.comment.test results.comment.test) # packed by xz
endif()
prints_as_trec_eval(a out.test.a -m all_trec qrels.test results.test)
prints_as_trec_eval(aq out.test.aq -m all_trec -q qrels.test results.test)
prints_as_trec_eval(aqc out.test.aqc -m all_trec -q -c qrels.test results.trunc)
prints_as_trec_eval(aqcM out.test.aqcM -m all_trec -q -c -M100 qrels.test results.trunc)
prints_as_trec_eval(aql out.test.aql -m all_trec -mrelstring.20 -q -l2 qrels.rel_level results.test)
prints_as_trec_eval(meas_params out.test.meas_params -q -miprec_at_recall..10,.20,.25,.75,.50 -m P.5,7,3
  -m recall.20,2000 -m Rprec_mult.5.0,0.2,0.35 -mutility.2,-1,0,0 -m 11pt_avg..25,.5,.75 -mndcg.1=3,2=9,4=4.5
  -mndcg_cut.10,20,23.4 -msuccess.2,5,20 qrels.test results.test)

set(folder ${CMAKE_CURRENT_BINARY_DIR}/bad_trec_files)
file(WRITE ${folder}/qrels "1 0 a 1\n1 0 b 0\n2 0 a 1\n")
file(WRITE ${folder}/run "1 Q0 a 1 0.9 r\n1 Q0 c 2 0.8 r\n3 Q0 a 1 0.9 r\n")
file(WRITE ${folder}/other_topics "7 Q0 a 1 0.9 r\n")
file(WRITE ${folder}/nan "1 Q0 a 1 0.9 r\n1 Q0 b 2 nan r\n")
file(WRITE ${folder}/repeat "1 Q0 a 1 0.9 r\n1 Q0 b 2 0.8 r\n1 Q0 a 3 0.7 r\n")
file(WRITE ${folder}/empty "")

# trec_metrics_says(NAME MESSAGE ARGUMENTS...): run with the arguments, the program says the message (a regular expression).
function(trec_metrics_says name message)
  list(TRANSFORM ARGN REPLACE "^@" "${folder}/" OUTPUT_VARIABLE arguments)
  add_test(NAME example.trec_metrics.${name} COMMAND trec_metrics ${arguments})
  set_tests_properties(example.trec_metrics.${name} PROPERTIES LABELS example PASS_REGULAR_EXPRESSION "${message}")
endfunction()

trec_metrics_says(nan_score "nan:2:10: expected a number as score, got 'nan'" @qrels @nan)
trec_metrics_says(repeat "repeat:3:6: expected a document once for topic '1', got 'a' again, as in line 1" @qrels @repeat)
trec_metrics_says(empty_run "empty: expected rows, got none" @qrels @empty)
trec_metrics_says(missing_file "nowhere: expected a file that can be read, got none" @qrels @nowhere)
trec_metrics_says(swapped_files "qrels:1:8: expected 6 columns, topic Q0 docno rank score run, got 4" @qrels @qrels)
trec_metrics_says(topic_without_judgments "1 topic of .*run without judgments" @qrels @run)
trec_metrics_says(topic_without_run "1 topic of .*qrels not in the run" @qrels @run)
trec_metrics_says(no_common_topic "no topic is both in .*qrels and in .*other_topics" @qrels @other_topics)
trec_metrics_says(complete "num_q +\tall\t2\n" -c @qrels @other_topics)
trec_metrics_says(unknown_measure "no measure is called 'mpa'; the nearest is 'map'" -m mpa @qrels @run)
trec_metrics_says(bad_cutoff "-m P: expected cutoffs of at least 1, got '0'" -m P.0 @qrels @run)
trec_metrics_says(no_parameters "-m map: expected no parameters, got '5'" -m map.5 @qrels @run)
trec_metrics_says(not_offered "not offered:\n +dcg" --help)
