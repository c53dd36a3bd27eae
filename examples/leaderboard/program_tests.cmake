# SPDX-License-Identifier: MIT
# Small data of each format with figures worked out by hand, and what the program says to what it cannot use.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/leaderboard_data)

# leaderboard_test(NAME STATUS SAYS ROWS HOLDS ARGUMENTS...): see check.cmake. ROWS 0: no CSV. @ is the folder of data.
function(leaderboard_test name status says rows holds)
  list(TRANSFORM ARGN REPLACE "^@" "${folder}/" OUTPUT_VARIABLE arguments)
  list(JOIN arguments "|" arguments)
  set(csv)
  if(rows GREATER 0)
    set(csv -D csv=${folder}/${name}.csv -D rows=${rows} -D "holds=${holds}")
  endif()
  add_test(NAME example.leaderboard.${name} COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:leaderboard>
    -D status=${status} -D "arguments=${arguments}" -D "says=${says}" ${csv}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/leaderboard/check.cmake)
  set_tests_properties(example.leaderboard.${name} PROPERTIES LABELS example)
endfunction()

# ---- ncf: the held-out item is among its own negatives in the first row and counts once; the user's training item 0
# among the negatives of the second stays, before the held-out item 3, which ties with 4 and comes first.
file(WRITE ${folder}/n.train.rating "0\t0\t5\n0\t1\t4\n1\t0\t3\n1\t2\t3\n")
file(WRITE ${folder}/n.test.rating "0\t2\t4\n1\t3\t5\n")
file(WRITE ${folder}/n.test.negative "(0,2)\t2\t3\t4\n(1,3)\t4\t0\t4\n")
leaderboard_test(ncf 0 "its own set of candidates" 20
  "^most_popular,,hit_rate,1,0[.]500000|^most_popular,,hit_rate,2,1[.]000000|^most_popular,,mrr,2,0[.]750000|^most_popular,,ndcg,2,0[.]815464"
  --format ncf --train @n --algorithm most_popular --at 1,2)

# ---- csv: a pair in both parts, a user in test only, k beyond the catalogue
file(WRITE ${folder}/train.csv "user,item\nu1,a\nu1,b\nu2,a\nu2,c\nu3,a\n")
file(WRITE ${folder}/test.csv "user,item\nu1,a\nu1,c\nu3,b\nu4,b\n")
file(WRITE ${folder}/nothing.csv "user,item\n")
leaderboard_test(csv 0 "without history +1\n.*train pairs on the top 1 % of items +60[.]0 %\n.*test pairs on the top 1 % of items +25[.]0 %\n.*pairs in train and in test +1\n.*best reachable recall@10 +0[.]8333" 20
  "^most_popular,,recall,10,0[.]833333|^most_popular,,precision,10,0[.]100000|^most_popular,,coverage,10,1[.]000000"
  --format csv --train @train.csv --test @test.csv --algorithm most_popular --at 1,10)
leaderboard_test(empty_test 2 "test has no events" 0 "" --format csv --train @train.csv --test @nothing.csv
  --algorithm most_popular)
leaderboard_test(options_in_csv 0 "" 20 "^most_popular,\"by=users,min_count=2\",recall,10,1[.]000000|^trending,half_life=never,"
  --format csv --train @ratings.csv --split leave-last:1 --at 10
  --algorithm most_popular:by=users,min_count=2 --algorithm trending:half_life=never)

# ---- sequence: the item before the last is no training, but history: it is not recommended
file(WRITE ${folder}/sequences.txt "1 1 2 3 4\n2 2 1 3 4\n3 6 5 7\n")
leaderboard_test(sequence 0 "train events +5\n" 10 "^most_popular,,hit_rate,2,0[.]666666"
  --format sequence --train @sequences.txt --algorithm most_popular --at 2)
leaderboard_test(sequence_refit 0 "train events +8\n" 20 "^most_popular,,hit_rate,2,0[.]000000|^most_popular,,hit_rate,3,0[.]666666"
  --format sequence --train @sequences.txt --algorithm most_popular --at 2,3 --refit-on train+valid)

# ---- lightgcn: items 0 to 3, the best reachable recall of a user with two test items at 1 is a half
file(WRITE ${folder}/gcn/train.txt "0 0 1\n1 0 2\n")
file(WRITE ${folder}/gcn/test.txt "0 2 3\n1 1\n")
leaderboard_test(lightgcn 0 "not in train +33[.]3 %.*recall@1 +0[.]7500" 10 "^most_popular,,recall,1,0[.]750000"
  --format lightgcn --train @gcn --algorithm most_popular --at 1)

# ---- ratings, folds, tuning
set(ratings "user,item,value,time\n")
foreach(user RANGE 1 12)
  foreach(item RANGE 1 9)
    math(EXPR skip "(${user} * 5 + ${item} * 3) % 4")
    math(EXPR value "1 + (${user} * ${item} + ${item}) % 5")
    math(EXPR time "1000000 + ${user} * 7 + ${item} * 1000")
    if(skip)
      string(APPEND ratings "${user},${item},${value},${time}\n")
    endif()
  endforeach()
endforeach()
file(WRITE ${folder}/ratings.csv "${ratings}")
leaderboard_test(rating_folds 0 "5 folds" 3 "^explicit_als,factors=2,rmse,,[0-9]+[.][0-9][0-9][0-9][0-9][0-9][0-9]|,mae,,|,unpredicted,,[0-9]+[.]000000"
  --format csv --train @ratings.csv --task rating --split kfold:5 --algorithm explicit_als:factors=2)
leaderboard_test(no_ratings_foretold 2 "most_popular: it foretells no ratings" 0 ""
  --format csv --train @ratings.csv --task rating --algorithm most_popular)
leaderboard_test(tune 0 "4 trials on random:0[.]2 of train: rmse" 3 "^explicit_als,\"?[a-z_0-9=,.]*\"?,rmse"
  --format csv --train @ratings.csv --task rating --algorithm explicit_als --tune 4 --validation random:0.2)
file(WRITE ${folder}/rated_test.csv "user,item,value,time\n1,1,5,0\n2,2,5,0\n3,3,5,0\n4,2,5,0\n")
leaderboard_test(tune_like_test 0 "3 trials on like-test:0[.]3 of train: ndcg@2 0[.][0-9][0-9][0-9][0-9] as given" 10
  "^most_popular,\"?[a-z_0-9=,.]*\"?,recall,2" --format csv --train @ratings.csv --test @rated_test.csv
  --algorithm most_popular --tune 3 --validation like-test:0.3 --at 2)
# Twenty users have item h and one of their own, others have h alone; of these items only h is in test. So h is what
# like-test:0.5 holds out of the twenty, and most_popular finds it; of an even draw it is half of the time.
set(common "user,item\n")
set(common_test "user,item\n")
foreach(user RANGE 1 20)
  string(APPEND common "a${user},h\na${user},own${user}\nb${user},h\n")
  string(APPEND common_test "c${user},h\n")
endforeach()
file(WRITE ${folder}/common.csv "${common}")
file(WRITE ${folder}/common_test.csv "${common_test}")
leaderboard_test(like_test_looks_at_test 0 "like-test:0[.]5 of train: ndcg@1 (0[.]9|1[.]0)" 10 "^most_popular,"
  --format csv --train @common.csv --test @common_test.csv --algorithm most_popular --tune 1 --validation like-test:0.5
  --at 1)
leaderboard_test(even_validation 0 "random:0[.]5 of train: ndcg@1 0[.][34567]" 10 "^most_popular,"
  --format csv --train @common.csv --test @common_test.csv --algorithm most_popular --tune 1 --validation random:0.5
  --at 1)
leaderboard_test(min_value 0 "train events +1[0-9]\n" 10 "^most_popular,,recall,5"
  --format csv --train @ratings.csv --min-value 5 --algorithm most_popular --at 5)

# ---- mistakes
leaderboard_test(unknown_algorithm 2 "no estimator 'most_populr'; did you mean 'most_popular'" 0 ""
  --format csv --train @train.csv --algorithm most_populr)
leaderboard_test(unknown_option 2 "explicit_als: no option 'factor'; did you mean 'factors'" 0 ""
  --format csv --train @train.csv --algorithm explicit_als:factor=3)
leaderboard_test(bad_value 2 "explicit_als: factors must be at least 0, got -3" 0 ""
  --format csv --train @train.csv --algorithm explicit_als:factors=-3)
leaderboard_test(unknown_split 2 "--split: no split 'leave-lst'; did you mean 'leave-last'" 0 ""
  --format csv --train @train.csv --split leave-lst:1 --algorithm most_popular)
leaderboard_test(bad_share 2 "--split: random: a share above 0 and below 1 was expected, got '2'" 0 ""
  --format csv --train @train.csv --split random:2 --algorithm most_popular)
leaderboard_test(split_like_test 2 "--split: like-test draws as a given test part was drawn: --validation takes it" 0 ""
  --format csv --train @train.csv --split like-test:0.2 --algorithm most_popular)
leaderboard_test(unknown_format 2 "no format 'lightgnc'; did you mean 'lightgcn'" 0 ""
  --format lightgnc --train @gcn --algorithm most_popular)
leaderboard_test(unknown_flag 2 "no option '--algoritm'; did you mean '--algorithm'" 0 "" --algoritm most_popular)
leaderboard_test(no_vectors 2 "most_popular .*content_recommender: content_recommender: " 0 ""
  --format csv --train @train.csv --test @test.csv --algorithm most_popular --algorithm content_recommender)
leaderboard_test(no_file 2 "nowhere[.]csv" 0 "" --format csv --train @nowhere.csv --algorithm most_popular)
leaderboard_test(list 0 "explicit_als\n.*factors +32 +at least 0 +8[.][.]128 logarithmic" 0 "" --list)
