// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <string>

/// From here on the peak is that of what comes, where the system can forget what was (Linux).
inline void reset_peak_memory() {
  std::ofstream file("/proc/self/clear_refs");
  file << '5';
}

/// The most memory the program has had since.
inline double peak_memory_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (long long kib = 0; std::sscanf(line.c_str(), "VmHWM: %lld kB", &kib) == 1)
      return static_cast<double>(kib) / 1024;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}
