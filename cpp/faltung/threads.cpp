#include "faltung/threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif
#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace faltung {
namespace {

int processors_by_affinity() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

// The file holds "max 100000" (no quota) or "150000 100000": quota and period in microseconds.
int processors_by_container_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 1 << 20;
  return static_cast<int>(std::max(1.0, std::atof(quota.c_str()) / period + 0.5));
}

// One call of parallel_for. Threads take the next index until none is left.
struct Job {
  Job(std::int64_t count, const std::function<void(std::int64_t)>& function)
      : tasks(count), task(function) {}

  const std::int64_t tasks;
  const std::function<void(std::int64_t)>& task;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::int64_t ended = 0;            // guarded by mutex
  std::exception_ptr first_failure;  // guarded by mutex
  std::mutex mutex;
  std::condition_variable all_ended;

  // Indices taken after a failure count as ended without being run.
  void work() {
    std::int64_t taken = 0;
    for (std::int64_t i; (i = next.fetch_add(1)) < tasks; ++taken) {
      if (failed.load(std::memory_order_relaxed)) continue;
      try {
        task(i);
      } catch (...) {
        failed = true;
        const std::lock_guard lock(mutex);
        if (!first_failure) first_failure = std::current_exception();
      }
    }
    const std::lock_guard lock(mutex);
    ended += taken;
    if (ended == tasks) all_ended.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex);
    all_ended.wait(lock, [this] { return ended == tasks; });
    if (first_failure) std::rethrow_exception(first_failure);
  }
};

// Workers sleep until a job is offered. The pool is never destroyed: at exit the workers may
// still be asleep in it.
class Pool {
 public:
  void offer(const std::shared_ptr<Job>& job, int helpers) {
    {
      const std::lock_guard lock(mutex_);
      hire(helpers);
      helpers = std::min(helpers, workers_);
      for (int i = 0; i < helpers; ++i) offers_.push_back(job);
    }
    helpers == 1 ? wake_.notify_one() : wake_.notify_all();
  }

 private:
  // Where the system gives no more threads, the work goes on with those there are.
  void hire(int wanted) {
    try {
      for (; workers_ < wanted; ++workers_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  void serve() {
    for (;;) {
      std::shared_ptr<Job> job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !offers_.empty(); });
        job = std::move(offers_.front());
        offers_.pop_front();
      }
      job->work();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> offers_;
  int workers_ = 0;
};

std::atomic<Pool*> pool{nullptr};

// The threads of a pool do not survive fork(): the child starts with a new one.
Pool& the_pool() {
  static std::once_flag once;
  std::call_once(once, [] {
    pool = new Pool;
#if !defined(_WIN32)
    pthread_atfork(nullptr, nullptr, [] { pool = new Pool; });
#endif
  });
  return *pool;
}

int initial_default_threads() {
  const char* text = std::getenv("FALTUNG_NUM_THREADS");
  const int wanted = text ? std::atoi(text) : 0;
  return wanted > 0 ? wanted : available_processors();
}

std::atomic<int>& default_threads_setting() {
  static std::atomic<int> setting{initial_default_threads()};
  return setting;
}

}  // namespace

int available_processors() {
  return std::max(1, std::min(processors_by_affinity(), processors_by_container_quota()));
}

int default_threads() { return default_threads_setting(); }

void set_default_threads(int threads) { default_threads_setting() = std::max(1, threads); }

void parallel_for(std::int64_t tasks, int threads, const std::function<void(std::int64_t)>& task) {
  if (threads <= 0) threads = default_threads();
  const int helpers = static_cast<int>(std::min<std::int64_t>({threads, tasks, 1024})) - 1;
  if (helpers <= 0) {
    for (std::int64_t i = 0; i < tasks; ++i) task(i);
    return;
  }
  const auto job = std::make_shared<Job>(tasks, task);
  the_pool().offer(job, helpers);
  job->work();
  job->wait();
}

}  // namespace faltung
