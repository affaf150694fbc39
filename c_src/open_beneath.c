/* open_beneath.c: opens a path confined below a directory, by openat2 or by a component walk. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* O_PATH, syscall */
#endif
#include "callgate_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <sys/vfs.h>
#endif

/* Times that a look-up which raced with a rename is tried again before it fails with EAGAIN. */
#define MAX_TRIES 32u
#define NAME_BYTES 256u
/* Room for the rest of a path behind the target of a link. */
#define TEXT_BYTES (2u * CG_PATH_MAX)

static int32_t fail(cg_opened *out, uint32_t step, int error) {
  memset(out, 0, sizeof *out);
  out->fd = -1;
  out->step = step;
  out->error = error;
  return -1;
}

/* Takes fd over. */
static int32_t finish(cg_opened *out, int fd, uint32_t path_len, uint32_t walked) {
  struct stat st;
  if (fstat(fd, &st) != 0) {
    int error = errno;
    close(fd);
    return fail(out, CG_STEP_STAT, error);
  }
  memset(out, 0, sizeof *out);
  out->fd = fd;
  out->mode = (uint32_t)st.st_mode;
  out->device = (uint64_t)st.st_dev;
  out->inode = (uint64_t)st.st_ino;
  out->links = (uint64_t)st.st_nlink;
  out->size = st.st_size < 0 ? 0 : (uint64_t)st.st_size;
  out->path_len = path_len;
  out->walked = walked;
  return 0;
}

/* ---- the walk -------------------------------------------------------------------------------------- */

typedef struct walk {
  const cg_open_request *request;
  const char *prefix;
  uint32_t prefix_len;
  uint32_t depth;                /* folders below dir_fd that the walk stands in */
  int fds[CG_WALK_DEPTH + 1];    /* one for each; [0] is dir_fd and not ours to close */
  uint32_t ends[CG_WALK_DEPTH + 1]; /* length of the resolved path at each */
  char *resolved;
  uint32_t capacity;
  uint32_t links;
  uint32_t at; /* text[at..] is still to be walked; a NUL ends it */
  int crossed; /* a mount point was met that must not be */
  dev_t device;
  char text[TEXT_BYTES];
} walk;

static void pop(walk *w) {
  close(w->fds[w->depth]);
  w->depth -= 1;
}

/* A mount point was met before whatever failed now, so that it is what openat2 would have named. */
static int32_t walk_fail(const walk *w, cg_opened *out, int error) {
  return fail(out, CG_STEP_OPEN, w->crossed ? EXDEV : error);
}

/* Appends a name to the resolved path; 0 when it does not fit. `*end` is its new length. */
static int append(const walk *w, const char *name, uint32_t len, uint32_t *end) {
  uint32_t begin = w->ends[w->depth];
  uint32_t slash = begin == 0 ? 0 : 1;
  *end = begin;
  if (w->capacity == 0) {
    return 1;
  }
  if (begin + slash + len > w->capacity) {
    return 0;
  }
  if (slash) {
    w->resolved[begin] = '/';
  }
  memcpy(w->resolved + begin + slash, name, len);
  *end = begin + slash + len;
  return 1;
}

/*
 * Looks one name up without following it. Returns 0 with `*st`, and in `*fd` a handle of it: always of a
 * folder, of other things where the system has handles that open nothing, else -1.
 */
static int look(int dir, const char *name, int *fd, struct stat *st) {
#if defined(O_PATH) && !defined(CALLGATE_NO_O_PATH)
  *fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (*fd < 0) {
    return errno;
  }
  if (fstat(*fd, st) != 0) {
    int error = errno;
    close(*fd);
    return error;
  }
  return 0;
#else
  struct stat opened;
  *fd = -1;
  if (fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno;
  }
  if (!S_ISDIR(st->st_mode)) {
    return 0;
  }
  *fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (*fd < 0) {
    return errno == ELOOP || errno == ENOTDIR ? EAGAIN : errno;
  }
  if (fstat(*fd, &opened) != 0 || opened.st_dev != st->st_dev || opened.st_ino != st->st_ino) {
    close(*fd);
    return EAGAIN;
  }
  return 0;
#endif
}

static ssize_t link_target(int dir, const char *name, int fd, char *target, size_t capacity) {
#if defined(O_PATH) && !defined(CALLGATE_NO_O_PATH)
  (void)dir;
  (void)name;
  return readlinkat(fd, "", target, capacity);
#else
  (void)fd;
  return readlinkat(dir, name, target, capacity);
#endif
}

/* Opens a handle of the folder that the walk stands in. */
static int open_here(int dir, int flags, uint32_t how) {
#if defined(O_PATH) && !defined(CALLGATE_NO_O_PATH)
  return openat(dir, ".", how & CG_OPEN_HANDLE ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags | O_CLOEXEC);
#else
  return openat(dir, ".", how & CG_OPEN_HANDLE ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : flags | O_CLOEXEC);
#endif
}

/* Turns what look() found at the end of a path into the handle that was asked for. -1 with errno. */
static int keep_handle(int dir, const char *name, int fd, const struct stat *st) {
#if defined(O_PATH) && !defined(CALLGATE_NO_O_PATH)
  (void)dir;
  (void)name;
  (void)st;
  return fd;
#else
  if (fd >= 0) {
    return fd;
  }
#if defined(O_SYMLINK)
  if (S_ISLNK(st->st_mode)) {
    return openat(dir, name, O_RDONLY | O_SYMLINK | O_CLOEXEC);
  }
#endif
  if (!S_ISREG(st->st_mode)) {
    /* Opening a device or FIFO can have effects, so that there is no handle of it here. */
    errno = ENXIO;
    return -1;
  }
#if defined(O_EVTONLY)
  return openat(dir, name, O_EVTONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
#else
  return openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
#endif
#endif
}

/* Links that the kernel follows by jumping and not by their text. */
static int is_magic_link(int dir) {
#if defined(__linux__)
  const long proc_super_magic = 0x9fa0;
  const ino_t proc_root_inode = 1;
  struct statfs fs;
  struct stat st;
  if (fstatfs(dir, &fs) != 0 || fstat(dir, &st) != 0) {
    return 1;
  }
  /* Links right below /proc (self, mounts, net) are ordinary ones. */
  return (long)fs.f_type == proc_super_magic && st.st_ino != proc_root_inode;
#else
  (void)dir;
  return 0;
#endif
}

/* Puts the target of a link in front of the text. Returns 0, or errno with EXDEV for a target outside. */
static int follow(walk *w, const char *target, uint32_t len) {
  if (target[0] == '/') {
    int below = w->prefix != 0 && len >= w->prefix_len && memcmp(target, w->prefix, w->prefix_len) == 0 &&
                (len == w->prefix_len || target[w->prefix_len] == '/');
    if (!below) {
      return EXDEV;
    }
    target += w->prefix_len;
    len -= w->prefix_len;
    while (w->depth > 0) {
      pop(w);
    }
  }
  if (len > w->at) {
    return ENAMETOOLONG;
  }
  w->at -= len;
  memcpy(w->text + w->at, target, len);
  return 0;
}

static int is_crossing(const walk *w, const struct stat *st) {
  return (w->request->how & CG_OPEN_NO_XDEV) != 0 && st->st_dev != w->device;
}

/* The walk ended in a folder and not at a name: `.`, `..`, a slash, or a link to such. */
static int32_t end_in_folder(walk *w, cg_opened *out) {
  int flags = w->request->flags;
  int fd;
  if (w->crossed) {
    return walk_fail(w, out, EXDEV);
  }
  if (flags & O_CREAT) {
    return walk_fail(w, out, flags & O_EXCL ? EEXIST : EISDIR);
  }
  fd = open_here(w->fds[w->depth], flags, w->request->how);
  if (fd < 0) {
    return walk_fail(w, out, errno);
  }
  if (w->capacity != 0 && w->ends[w->depth] == 0) {
    w->resolved[0] = '.';
    return finish(out, fd, 1, 1);
  }
  return finish(out, fd, w->ends[w->depth], 1);
}

/* What step() answers beside the result of the walk. */
#define STEP_ON 1    /* go on with the next component */
#define STEP_AGAIN 2 /* the name changed under the walk: look at it again */

/* The name was looked up, is no link to follow, and is the last one. Takes fd over. */
static int32_t end_at_name(walk *w, const char *name, uint32_t len, int fd, const struct stat *st, cg_opened *out) {
  int dir = w->fds[w->depth];
  int flags = w->request->flags;
  uint32_t end;
  int opened;
  int error = 0;
  struct stat now;
  if (w->crossed) {
    error = EXDEV;
  } else if ((flags & O_CREAT) && (flags & O_EXCL)) {
    error = EEXIST;
  } else if ((flags & O_DIRECTORY) && !S_ISDIR(st->st_mode)) {
    error = ENOTDIR;
  } else if (S_ISLNK(st->st_mode) && !(w->request->how & CG_OPEN_HANDLE)) {
    error = ELOOP;
  }
  if (error != 0) {
    if (fd >= 0) {
      close(fd);
    }
    return walk_fail(w, out, error);
  }
  if (!append(w, name, len, &end)) {
    if (fd >= 0) {
      close(fd);
    }
    return fail(out, CG_STEP_PATH, ENAMETOOLONG);
  }
  if (w->request->how & CG_OPEN_HANDLE) {
    opened = keep_handle(dir, name, fd, st);
    return opened < 0 ? walk_fail(w, out, errno) : finish(out, opened, end, 1);
  }
  opened = openat(dir, name, (flags & ~O_CREAT) | O_NOFOLLOW | O_CLOEXEC);
  error = errno;
  if (fd >= 0) {
    close(fd); /* only now, so that its inode could not be taken by another file */
  }
  if (opened < 0) {
    return error == ENOENT || error == ELOOP ? STEP_AGAIN : walk_fail(w, out, error);
  }
  if (fstat(opened, &now) != 0 || now.st_dev != st->st_dev || now.st_ino != st->st_ino) {
    close(opened);
    return STEP_AGAIN;
  }
  return finish(out, opened, end, 1);
}

/* Nothing has the last name, and O_CREAT asks for it. */
static int32_t create(walk *w, const char *name, uint32_t len, cg_opened *out) {
  uint32_t end;
  int fd;
  if (w->crossed) {
    return walk_fail(w, out, EXDEV);
  }
  if (!append(w, name, len, &end)) {
    return fail(out, CG_STEP_PATH, ENAMETOOLONG);
  }
  /* Always exclusive, so that a name that appeared meanwhile is looked at before it is opened. */
  fd = openat(w->fds[w->depth], name, w->request->flags | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)w->request->mode);
  if (fd < 0) {
    return errno == EEXIST ? STEP_AGAIN : walk_fail(w, out, errno);
  }
  return finish(out, fd, end, 1);
}

/* Walks one component: STEP_ON, STEP_AGAIN, or the result of the whole (0 or -1). */
static int32_t step(walk *w, cg_opened *out) {
  const cg_open_request *request = w->request;
  int dir = w->fds[w->depth];
  const char *component = w->text + w->at;
  uint32_t len = (uint32_t)strcspn(component, "/");
  const char *rest = component + len;
  int slash = *rest == '/';
  int last = rest[strspn(rest, "/")] == '\0';
  char name[NAME_BYTES];
  struct stat st;
  int fd;
  int error;

  if (len == 1 && component[0] == '.') {
    w->at += len;
    return STEP_ON;
  }
  if (len == 2 && component[0] == '.' && component[1] == '.') {
    int here;
    if (w->depth == 0) {
      return fail(out, CG_STEP_ESCAPE, EXDEV);
    }
    /* The kernel wants search permission on a folder for `..` in it as for any other name. */
    here = open_here(dir, O_RDONLY, CG_OPEN_HANDLE);
    if (here < 0) {
      return walk_fail(w, out, errno);
    }
    close(here);
    pop(w);
    w->at += len;
    return STEP_ON;
  }
  if (len >= NAME_BYTES) {
    return walk_fail(w, out, ENAMETOOLONG);
  }
  if (last && slash && (request->flags & O_CREAT)) {
    return walk_fail(w, out, EISDIR);
  }
  memcpy(name, component, len);
  name[len] = '\0';

  error = look(dir, name, &fd, &st);
  if (error == ENOENT && last && (request->flags & O_CREAT)) {
    return create(w, name, len, out);
  }
  if (error != 0) {
    return error == EAGAIN ? STEP_AGAIN : walk_fail(w, out, error);
  }
  if (S_ISLNK(st.st_mode)) {
    int exclusive = (request->flags & O_CREAT) && (request->flags & O_EXCL);
    char target[CG_PATH_MAX];
    ssize_t target_len;
    if (last && !slash && ((request->flags & O_NOFOLLOW) || exclusive)) {
      return end_at_name(w, name, len, fd, &st, out);
    }
    target_len = link_target(dir, name, fd, target, sizeof target);
    error = errno;
    if (fd >= 0) {
      close(fd);
    }
    if ((request->how & CG_OPEN_NO_SYMLINKS) || w->links == CG_MAX_LINKS || is_magic_link(dir)) {
      return walk_fail(w, out, ELOOP);
    }
    w->links += 1;
    if (target_len <= 0) {
      return target_len < 0 && error == EINVAL ? STEP_AGAIN : walk_fail(w, out, target_len == 0 ? ENOENT : error);
    }
    if ((size_t)target_len == sizeof target) {
      return walk_fail(w, out, ENAMETOOLONG);
    }
    w->at += len;
    error = follow(w, target, (uint32_t)target_len);
    if (error == EXDEV) {
      return fail(out, CG_STEP_ESCAPE, EXDEV);
    }
    return error == 0 ? STEP_ON : walk_fail(w, out, error);
  }
  if (is_crossing(w, &st)) {
    w->crossed = 1;
  }
  if (!slash) {
    return end_at_name(w, name, len, fd, &st, out);
  }
  if (!S_ISDIR(st.st_mode)) {
    error = ENOTDIR;
  } else if (w->depth == CG_WALK_DEPTH) {
    error = ENAMETOOLONG;
  }
  if (error != 0) {
    if (fd >= 0) {
      close(fd);
    }
    return walk_fail(w, out, error);
  }
  if (!append(w, name, len, &w->ends[w->depth + 1])) {
    close(fd);
    return fail(out, CG_STEP_PATH, ENAMETOOLONG);
  }
  w->depth += 1;
  w->fds[w->depth] = fd;
  w->at += len;
  return STEP_ON;
}

static int32_t walk_beneath(const cg_open_request *request, const char *path, uint32_t path_len, const char *prefix,
                            uint32_t prefix_len, char *resolved, uint32_t capacity, cg_opened *out) {
  walk w;
  struct stat st;
  uint32_t tries = 0;
  int32_t result;
  if (fstat(request->dir_fd, &st) != 0) {
    return fail(out, CG_STEP_ARGUMENT, errno);
  }
  w.request = request;
  w.prefix = prefix;
  w.prefix_len = prefix_len;
  w.depth = 0;
  w.fds[0] = request->dir_fd;
  w.ends[0] = 0;
  w.resolved = resolved;
  w.capacity = capacity;
  w.links = 0;
  w.crossed = 0;
  w.device = st.st_dev;
  w.at = TEXT_BYTES - 1 - path_len;
  memcpy(w.text + w.at, path, path_len);
  w.text[TEXT_BYTES - 1] = '\0';
  do {
    w.at += (uint32_t)strspn(w.text + w.at, "/");
    if (w.text[w.at] == '\0') {
      result = end_in_folder(&w, out);
    } else {
      result = step(&w, out);
    }
    if (result == STEP_AGAIN) {
      tries += 1;
      result = tries < MAX_TRIES ? STEP_ON : walk_fail(&w, out, EAGAIN);
    }
  } while (result == STEP_ON);
  while (w.depth > 0) {
    pop(&w);
  }
  return result;
}

/* ---- openat2 --------------------------------------------------------------------------------------- */

#if defined(__linux__) && defined(SYS_openat2)

/* As in linux/openat2.h, which older systems lack and newer ones bring with fcntl.h: under names of our own. */
struct how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};
#define HOW_NO_XDEV 0x01u
#define HOW_NO_MAGICLINKS 0x02u
#define HOW_NO_SYMLINKS 0x04u
#define HOW_BENEATH 0x08u

/* A descriptor, or -1 with errno. */
static int try_openat2(const cg_open_request *request, const char *path) {
  struct how how = {0, 0, HOW_BENEATH | HOW_NO_MAGICLINKS};
  int flags = request->flags | O_CLOEXEC;
  uint32_t tries = 0;
  long fd;
  if (request->how & CG_OPEN_HANDLE) {
    flags = (flags & (O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) | O_PATH;
  }
  how.flags = (uint64_t)(unsigned int)flags;
  how.mode = request->mode;
  how.resolve |= request->how & CG_OPEN_NO_SYMLINKS ? HOW_NO_SYMLINKS : 0;
  how.resolve |= request->how & CG_OPEN_NO_XDEV ? HOW_NO_XDEV : 0;
  do {
    fd = syscall(SYS_openat2, request->dir_fd, path, &how, sizeof how);
    tries += 1;
  } while (fd < 0 && (errno == EAGAIN || errno == EINTR) && tries < MAX_TRIES);
  return (int)fd;
}

/* EXDEV has two causes: whether it is that of leaving dir_fd. Opens nothing but a handle. */
static int has_escaped(const cg_open_request *request, const char *path) {
  cg_open_request probe = *request;
  int fd;
  if (!(request->how & CG_OPEN_NO_XDEV)) {
    return 1;
  }
  probe.flags &= O_DIRECTORY | O_NOFOLLOW;
  probe.mode = 0;
  probe.how = (request->how & ~CG_OPEN_NO_XDEV) | CG_OPEN_HANDLE;
  fd = try_openat2(&probe, path);
  if (fd >= 0) {
    close(fd);
    return 0;
  }
  return errno == EXDEV;
}

#endif

int32_t cg_open_beneath(const cg_open_request *request, const char *path, uint32_t path_len, const char *prefix,
                        uint32_t prefix_len, char *resolved, uint32_t capacity, cg_opened *out) {
  if (path != 0 && path_len >= CG_PATH_MAX) {
    return fail(out, CG_STEP_OPEN, ENAMETOOLONG);
  }
  if (path == 0 || path_len == 0 || path[0] == '/' || path[path_len] != '\0' || memchr(path, 0, path_len) != 0 ||
      (capacity != 0 && resolved == 0) || (!(request->flags & O_CREAT) && request->mode != 0) ||
      ((request->flags & O_CREAT) && (request->how & CG_OPEN_HANDLE))) {
    return fail(out, CG_STEP_ARGUMENT, EINVAL);
  }
#if defined(O_PATH)
  if (request->flags & O_PATH) {
    return fail(out, CG_STEP_ARGUMENT, EINVAL);
  }
#endif
#if defined(O_TMPFILE)
  if ((request->flags & O_TMPFILE) == O_TMPFILE) {
    return fail(out, CG_STEP_ARGUMENT, EINVAL);
  }
#endif
#if defined(__linux__) && defined(SYS_openat2)
  if (!(request->how & CG_OPEN_FORCE_WALK)) {
    int fd = try_openat2(request, path);
    int error = errno;
    if (fd >= 0) {
      return finish(out, fd, 0, 0);
    }
    if (error == EXDEV && (prefix == 0 || (request->how & CG_OPEN_NO_SYMLINKS))) {
      return fail(out, has_escaped(request, path) ? CG_STEP_ESCAPE : CG_STEP_OPEN, EXDEV);
    }
    if (error != ENOSYS && error != EPERM && error != E2BIG && error != EXDEV) {
      return fail(out, CG_STEP_OPEN, error);
    }
  }
#endif
  return walk_beneath(request, path, path_len, prefix, prefix_len, resolved, capacity, out);
}
