# SPDX-License-Identifier: MIT
# What the program says to its arguments and to a folder of movies.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/customers_also_bought_files)
file(WRITE ${folder}/movies/movies.csv "movieId,title,genres\n1,Solaris (1972),Sci-Fi\n2,Stalker (1979),Sci-Fi\n3,Heat (1995),Crime\n4,Ran (1985),Drama\n")
file(WRITE ${folder}/movies/ratings.csv "userId,movieId,rating,timestamp\n7,1,5,10\n7,2,4,20\n8,1,4.5,30\n8,2,4,40\n8,3,5,50\n9,3,4,60\n9,4,1,70\n10,2,5,80\n")
file(WRITE ${folder}/disliked/ratings.csv "userId,movieId,rating,timestamp\n7,1,2,10\n")

# reco_shop_says(NAME MESSAGE ARGUMENTS...): run with the arguments, the program says the message (a regular expression).
function(reco_shop_says name message)
  list(TRANSFORM ARGN REPLACE "^@" "${folder}/" OUTPUT_VARIABLE arguments)
  add_test(NAME example.customers_also_bought.${name} COMMAND customers_also_bought ${arguments})
  set_tests_properties(example.customers_also_bought.${name} PROPERTIES LABELS example PASS_REGULAR_EXPRESSION "${message}")
endfunction()

reco_shop_says(part_of_a_title "bought “Two-Person Tent” also bought: places" --item "person TENT")
reco_shop_says(unknown_product "--item: no product has 'kayak' in its title; there are [0-9]+, the first is 'Pour-Over" --item kayak)
reco_shop_says(unknown_basket "--basket: no product has 'kayak' in its title" --basket kayak)
reco_shop_says(unknown_customer "--customer: no customer is called 'Xaver Q[.]'; there are 500, the first is 'Ada A[.]'" --customer "Xaver Q.")
reco_shop_says(customer "Recommended to Ada B[.] by slim" --customer "Ada B." --model slim)
reco_shop_says(ease "by ease.*because you bought" --model ease)
reco_shop_says(unknown_model "--model: gru4rec not in" --model gru4rec)
reco_shop_says(k_zero "--k: " --k 0)
reco_shop_says(movies "2 viewers liked “Solaris .1972.”.*places.*viewer 9 by item_knn.*  has  Heat .1995.*Solaris .1972."
  --movielens @movies --item solaris --customer 9 --basket stalker)
reco_shop_says(unknown_viewer "--customer: no viewer is called '1'; there are 4, the first is '7'" --movielens @movies --customer 1)
reco_shop_says(nobody_liked "--movielens: no movie was rated 4 or more" --movielens @disliked)
reco_shop_says(no_folder "nowhere: expected a folder with u.data, ratings.dat or ratings.csv, got no folder" --movielens @nowhere)
