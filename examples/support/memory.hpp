// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>

#include <cstdio>
#include <cstring>

/// The most physical memory that this process, data and all, held at once since the last reset. Linux keeps that mark
/// and can set it back; where it cannot be read the mark is that of the whole run so far.
class peak_memory {
 public:
  void reset() const {
    if (std::FILE* const file = std::fopen("/proc/self/clear_refs", "w")) {
      std::fputs("5", file);  // 5: set the mark back to what is held now
      std::fclose(file);
    }
  }
  double mib() const {
    if (std::FILE* const file = std::fopen("/proc/self/status", "r")) {
      char line[256];
      long kib = -1;
      while (kib < 0 && std::fgets(line, sizeof line, file) != nullptr) std::sscanf(line, "VmHWM: %ld kB", &kib);
      std::fclose(file);
      if (kib >= 0) return static_cast<double>(kib) / 1024;
    }
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_maxrss) / 1024;
  }
};
