
/// Where options are chosen and the columns beside recall and NDCG are taken: at 20 if that is asked for, else at the
/// first cutoff.
inline int criterion_cutoff(const settings& asked) {
  for (const int k : asked.at)
    if (k == 20) return k;
  return asked.at.front();
}
