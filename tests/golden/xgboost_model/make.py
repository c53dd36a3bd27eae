#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the models and scores beside it, with XGBoost 1.7.4 (Debian 12: python3-xgboost, python3-numpy).

    python3 make.py

Writes NAME.json for each model and rows.txt: `nan` or a value for each of six features, then each model's margin.
Small trees on made-up rows; a tenth of the values are missing, feature 5 is a category of 40.
"""
import os
import numpy as np
import xgboost as xgb

here = os.path.dirname(os.path.abspath(__file__))
r = np.random.default_rng(1)


def rows(n):
    x = r.standard_normal((n, 6)).astype(np.float32)
    x[:, 1] = np.round(x[:, 1] * 2)
    x[:, 5] = r.integers(0, 40, n)
    y = x[:, 0] * x[:, 1] + np.abs(x[:, 2]) + (x[:, 5] % 3 == 1) + 0.3 * r.standard_normal(n)
    x[r.random(x.shape) < 0.1] = np.nan
    return x, y


train, label = rows(400)
test, _ = rows(60)
test[:6, 5] = [-1, 0.5, 39, 40, 1000, np.nan]
grades = np.digitize(label, [0, 1, 2]).astype(np.float32)
clicks = (label > 0.5).astype(np.float32)
tree = {"nthread": 1, "max_depth": 3, "eta": 0.3, "seed": 1, "tree_method": "hist"}
models = {
    "ranking": (grades, 4, {"objective": "rank:ndcg", "grow_policy": "lossguide", "max_leaves": 6, "max_depth": 0}, False),
    "logistic": (clicks, 4, {"objective": "binary:logistic", "base_score": 0.3, "tree_method": "exact", "gamma": 4}, False),
    "poisson": (grades, 3, {"objective": "count:poisson", "base_score": 1.25, "tree_method": "approx"}, False),
    "forest": (label, 2, {"objective": "reg:squarederror", "num_parallel_tree": 2, "subsample": 0.5}, False),
    "dart": (label, 6, {"booster": "dart", "objective": "reg:squarederror", "rate_drop": 0.5, "base_score": 0.25}, False),
    "categories": (label, 4, {"objective": "reg:squarederror", "max_cat_to_onehot": 4}, True),
    "one_category": (label, 4, {"objective": "reg:squarederror", "max_cat_to_onehot": 100}, True),
}
scores = []
for name, (y, trees, options, categorical) in models.items():
    types = ["q"] * 5 + ["c" if categorical else "q"]
    data = xgb.DMatrix(train, y, feature_types=types, enable_categorical=True)
    if name == "ranking":
        data.set_group([20] * 20)
    model = xgb.train({**tree, **options}, data, trees)
    model.save_model(os.path.join(here, name + ".json"))
    scores.append(model.predict(xgb.DMatrix(test, feature_types=types, enable_categorical=True), output_margin=True))
with open(os.path.join(here, "rows.txt"), "w") as out:
    for x, s in zip(test, np.transpose(scores)):
        out.write(" ".join(str(np.float32(v)) for v in [*x, *s]) + "\n")
