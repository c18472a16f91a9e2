// The part of hiredis that semcache uses, from version 0.14 on (libhiredis-dev): connecting without blocking, and the
// parser of replies. Bytes are sent and received by the Swift side, which bounds them and never raises SIGPIPE.
#ifndef SEMCACHE_CHIREDIS_SHIM_H
#define SEMCACHE_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>
// For the thread of a connection, which waits for its socket and for us at once.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// Bounds what one header of an array may make the parser allocate ahead of its elements; hiredis 0.14 cannot.
static inline void semcache_redis_limit_elements(redisReader *reader, long long elements) {
#if HIREDIS_MAJOR >= 1
    reader->maxelements = elements;
#else
    (void)reader;
    (void)elements;
#endif
}

// What a thread waits for at once; a set of bits.
enum { SEMCACHE_INPUT = 1, SEMCACHE_OUTPUT = 2, SEMCACHE_WAKEUP = 4 };

// Says what is expected of the socket from now on, also to a thread that waits already; its end always is. -1 on failure.
static inline int semcache_watch_expect(int watch, int socket, int bits) {
    struct epoll_event event = {.events = EPOLLRDHUP | ((bits & SEMCACHE_INPUT) ? EPOLLIN : 0u) |
                                          ((bits & SEMCACHE_OUTPUT) ? EPOLLOUT : 0u),
                                .data = {.fd = socket}};
    return epoll_ctl(watch, EPOLL_CTL_MOD, socket, &event);
}

// Makes a watch over a socket, whose input is expected, and an eventfd; -1 on failure.
static inline int semcache_watch_open(int socket, int wakeup) {
    int watch = epoll_create1(EPOLL_CLOEXEC);
    if (watch < 0) return -1;
    struct epoll_event input = {.events = EPOLLIN | EPOLLRDHUP, .data = {.fd = socket}};
    struct epoll_event signal = {.events = EPOLLIN, .data = {.fd = wakeup}};
    if (epoll_ctl(watch, EPOLL_CTL_ADD, socket, &input) == 0 && epoll_ctl(watch, EPOLL_CTL_ADD, wakeup, &signal) == 0)
        return watch;
    close(watch);
    return -1;
}

// Waits until something happens or the time is over (-1: never); returns what has happened.
static inline int semcache_watch_wait(int watch, int wakeup, int milliseconds) {
    struct epoll_event events[2];
    int count = epoll_wait(watch, events, 2, milliseconds), bits = 0;
    for (int index = 0; index < count; index++) {
        if (events[index].data.fd == wakeup) bits |= SEMCACHE_WAKEUP;
        else if (events[index].events & ~EPOLLOUT) bits |= SEMCACHE_INPUT;
    }
    return bits;
}

// Declared by poll.h for programs with GNU's extensions only, which no header can ask for behind other headers.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

// Waits until a socket has input or is broken, for less than a second; whether it is.
static inline int semcache_wait_readable(int socket, long nanoseconds) {
    struct pollfd polled = {.fd = socket, .events = POLLIN};
    struct timespec limit = {.tv_sec = 0, .tv_nsec = nanoseconds};
    return ppoll(&polled, 1, &limit, NULL) > 0;
}

#endif
