// header.cpp: the header is C++ too, with C linkage. Compiled, linked and run by tests/contract/capi.rs.
#include <callgate.h>

#include <string>
#include <type_traits>

static_assert(std::is_standard_layout<callgate_finding>::value, "views are plain");
static_assert(std::is_same<decltype(&callgate_audit_tool_args), int32_t (*)(const uint8_t *, size_t)>::value, "the signature");

int main() {
  const std::string args = "{\"name\":\"todo\"}";
  const int32_t status = callgate_audit_tool_args(reinterpret_cast<const uint8_t *>(args.data()), args.size());
  return status == CALLGATE_ALLOW ? 0 : 1;
}
