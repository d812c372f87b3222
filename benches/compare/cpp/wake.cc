// Callers that wait for a peer, until one push of a status wakes all of them.
#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <limits>
#include <mutex>
#include <thread>

#include "turns.hpp"

namespace {

// Threads with small stacks that make one request at a time, all of them the same one.
class Crowd {
public:
    ~Crowd()
    {
        release(nullptr);
        for (const auto thread : threads_)
            pthread_join(thread, nullptr);
    }

    bool grow(std::size_t size)
    {
        pthread_attr_t small;
        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, 64 << 10);
        pthread_t thread;
        while (threads_.size() < size && pthread_create(&thread, &small, run, this) == 0)
            threads_.push_back(thread);
        pthread_attr_destroy(&small);
        return threads_.size() >= size;
    }

    // Has all of them ask the list for a peer; nullptr ends them.
    void release(List *list)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        list_ = list;
        ++round_;
        left_ = threads_.size();
        changed_.notify_all();
    }

    // When the last had its peer and had ended its request.
    Clock::time_point last()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [&] { return left_ == 0; });
        return last_;
    }

private:
    static void *run(void *self)
    {
        static_cast<Crowd *>(self)->run();
        return nullptr;
    }

    void run()
    {
        for (std::uint64_t seen = 0;;) {
            std::unique_lock<std::mutex> lock(mutex_);
            changed_.wait(lock, [&] { return round_ != seen; });
            seen = round_;
            List *list = list_;
            lock.unlock();
            if (!list)
                return;
            list->requests(1, 0);
            if (left_.fetch_sub(1) != 1)
                continue;
            const auto now = Clock::now();
            lock.lock();
            last_ = now;
            changed_.notify_all();
        }
    }

    std::vector<pthread_t> threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    List *list_ = nullptr;
    std::uint64_t round_ = 0;
    std::atomic<std::size_t> left_{0};
    Clock::time_point last_;
};

double processor_ms()
{
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

// Until all wait, and until they sleep: a thread that has said that it waits may still be on its way.
void settle(List &list, std::size_t waiters)
{
    while (list.waiting() != waiters)
        std::this_thread::sleep_for(milliseconds(1));
    for (double before = -1, now = processor_ms(); now - before > 0.5; now = processor_ms()) {
        before = now;
        std::this_thread::sleep_for(milliseconds(2));
    }
}

double woken(Crowd &crowd, List &list, std::size_t waiters)
{
    crowd.release(&list);
    settle(list, waiters);
    const auto begun = Clock::now();
    list.set(0, true);
    const auto took = crowd.last() - begun;
    list.set(0, false);
    return double(nanoseconds(took).count()) / 1e3;
}

}  // namespace

void wake(const Effort &effort)
{
    std::vector<Side> sides{ours("round-robin")};
    for (auto &side : all_plain())
        if (side.policy == std::string("round-robin"))
            sides.push_back(std::move(side));
    sides.push_back(condvar());
    std::vector<Seat> seats;
    for (const auto &side : sides) {
        seats.push_back({side, side.open(1)});
        seats.back().list->add(0, 1);
        seats.back().list->set(0, false);
    }
    for (const std::size_t waiters : {std::size_t(1), effort.waiters}) {
        Crowd crowd;
        if (!crowd.grow(waiters)) {
            std::fprintf(stderr, "compare-cpp: the system does not allow %zu threads\n", waiters);
            continue;
        }
        // A single one takes microseconds, so that it is the middle of several that counts.
        const std::size_t pushes = std::max<std::size_t>(1, 50 / waiters);
        std::vector<double> least(seats.size(), std::numeric_limits<double>::infinity());
        for (int turn = 0; turn < effort.wakes; ++turn) {
            for (std::size_t n = 0; n < seats.size(); ++n) {
                std::vector<double> took(pushes);
                for (auto &one : took)
                    one = woken(crowd, *seats[n].list, waiters);
                std::nth_element(took.begin(), took.begin() + long(pushes / 2), took.end());
                least[n] = std::min(least[n], took[pushes / 2]);
            }
        }
        for (std::size_t n = 0; n < seats.size(); ++n)
            print("wake", seats[n].side, waiters, waiters, "wake-us", least[n]);
    }
}
