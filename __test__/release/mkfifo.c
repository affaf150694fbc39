/* mkfifo.c: `mkfifo NAME`, for a root that has no programs. */
#include <sys/stat.h>

int main(int argc, char **argv) { return argc == 2 && mkfifo(argv[1], 0600) == 0 ? 0 : 1; }
