// A small pool of threads. Work is cut into tasks that do not depend on the number of threads, so
// neither do the results.
#pragma once

#include <cstdint>
#include <functional>

namespace faltung {

// Processors this process may use: the machine's, less what CPU affinity and the container's
// quota (cgroup v2 cpu.max) take away. At least 1.
int available_processors();

// FALTUNG_NUM_THREADS if it is a positive number, else available_processors(), unless set below.
int default_threads();
void set_default_threads(int threads);

// To wake a second thread and to wait for it takes some 50 us: work that one thread does in so many
// nanoseconds is left to it.
inline constexpr double one_thread_nanoseconds = 100e3;

// Calls task(0) … task(tasks - 1), each once, on at most `threads` threads of which the caller is
// one; threads <= 0 means default_threads(). Returns when all have ended. When a task throws, no
// further task is begun and the first exception is thrown again here. Safe to call from many
// threads at once, from inside a task, and after fork().
void parallel_for(std::int64_t tasks, int threads, const std::function<void(std::int64_t)>& task);

}  // namespace faltung
