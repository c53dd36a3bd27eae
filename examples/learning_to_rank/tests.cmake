# SPDX-License-Identifier: MIT
# What the program says to its arguments and files.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/learning_to_rank_files)
file(WRITE ${folder}/a.txt "2 qid:1 1:3 2:1\n0 qid:1 1:1 2:1\n1 qid:2 1:2 2:5\n0 qid:2 1:1\n0 qid:3 1:1\n")
file(WRITE ${folder}/side.txt "2 1:3 2:1\n0 1:1 2:1\n")
file(WRITE ${folder}/side.txt.query "2\n")
file(WRITE ${folder}/wrong.txt "2 1:3 2:1\n0 1:1 2:1\n")
file(WRITE ${folder}/wrong.txt.query "1\n")
file(WRITE ${folder}/wide.txt "2 qid:1 1:3 9:1\n")

# reco_ranker_says(NAME MESSAGE ARGUMENTS...): run with the arguments, the program says the message (a regular expression).
function(reco_ranker_says name message)
  list(TRANSFORM ARGN REPLACE "^@" "${folder}/" OUTPUT_VARIABLE arguments)
  add_test(NAME example.learning_to_rank.${name} COMMAND learning_to_rank ${arguments})
  set_tests_properties(example.learning_to_rank.${name} PROPERTIES LABELS example PASS_REGULAR_EXPRESSION "${message}")
endfunction()

reco_ranker_says(files "best_feature +1.000 +1.000.*feature 1 +100.0 %" --train @a.txt --test @a.txt --algorithm best_feature --at 1,5)
reco_ranker_says(empty_counts_zero "best_feature +0.667" --train @a.txt --test @a.txt --algorithm best_feature --at 1 --empty zero)
reco_ranker_says(side_file "train +1 +2 +3 +0" --train @side.txt --test @a.txt --algorithm pointwise)
reco_ranker_says(wrong_sizes "wrong[.]txt[.]query:1: expected sizes that add up to 2 documents, got 1, 1 too few" --train @wrong.txt --test @a.txt)
reco_ranker_says(other_features "wide[.]txt:1:13: expected a feature below 3, got '9:1'" --train @a.txt --test @wide.txt)
reco_ranker_says(unknown_ranker "no ranker is called 'lambdamart'; there are best_feature, pointwise" --algorithm lambdamart)
reco_ranker_says(unknown_option "lambda_mart: no option 'tree'; it has objective, trees" --algorithm lambda_mart:tree=5)
reco_ranker_says(lonely_train "--train and --test belong together" --train @a.txt)
reco_ranker_says(missing_file "nowhere[.]txt: expected a file that can be read, got none" --train @nowhere.txt --test @a.txt)
reco_ranker_says(listing "lambda_mart\n  objective=lambdarank  one of lambdarank rank_xendcg" --list)
reco_ranker_says(tuned "lambda_mart:trees=[1-5].*best_feature leaves no option to choose.*Means of 2 seeds" --train @a.txt --test @a.txt --tune 2 --folds 2 --seeds 2
  --algorithm lambda_mart:trees=5,min_leaf_rows=1 --algorithm best_feature)
reco_ranker_says(given_stays "pointwise:regularization=2 leaves no option to choose" --train @a.txt --test @a.txt --tune 2 --folds 2
  --algorithm pointwise:regularization=2)
reco_ranker_says(too_many_folds "--folds: there are only 3 queries" --train @a.txt --test @a.txt --tune 2 --folds 4 --algorithm lambda_mart)
