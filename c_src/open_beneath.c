#include "callgate_helper.h"
typedef int cg_placeholder;
