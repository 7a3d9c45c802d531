/* Makes storage slow: loaded before a program, it waits 5 ms in each open() and each first pread() of a file.
 *
 * gcc -shared -fPIC slow_storage.c -o slow_storage.so -ldl; LD_PRELOAD=./slow_storage.so program
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define DELAY_MICROSECONDS 5000

static int is_slow(const char *path)
{
    const char *folder = getenv("SLOW_FOLDER");
    return folder && !strncmp(path, folder, strlen(folder));
}

#define OPEN(name)                                                                         \
    int name(const char *path, int flags, ...)                                             \
    {                                                                                      \
        int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
        va_list more;                                                                      \
        va_start(more, flags);                                                             \
        int mode = va_arg(more, int);                                                      \
        va_end(more);                                                                      \
        if (!(flags & O_DIRECTORY) && is_slow(path))                                       \
            usleep(DELAY_MICROSECONDS);                                                    \
        return real(path, flags, mode);                                                    \
    }

#define PREAD(name, offset_type)                                                           \
    ssize_t name(int file, void *data, size_t count, offset_type offset)                   \
    {                                                                                      \
        ssize_t (*real)(int, void *, size_t, offset_type) =                                \
            (ssize_t (*)(int, void *, size_t, offset_type))dlsym(RTLD_NEXT, #name);        \
        /* Readers of headers begin with 8 or 16 KiB at the start; an index is written otherwise. */ \
        if (!offset && (count == 8192 || count == 16384))                                  \
            usleep(DELAY_MICROSECONDS);                                                    \
        return real(file, data, count, offset);                                            \
    }

OPEN(open)
OPEN(open64)
PREAD(pread, off_t)
PREAD(pread64, off64_t)
