# SPDX-License-Identifier: Apache-2.0
# find_package(TwinlockKernel) gives the target TwinlockKernel::kernel. It needs BoringSSL's libcrypto, of which it calls
# SHA-1 and SHA-256 alone: where Debian has it (package android-libboringssl-dev), or where TwinlockKernel_CRYPTO says.
find_library(TwinlockKernel_CRYPTO crypto PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/android
  NO_DEFAULT_PATH DOC "BoringSSL's libcrypto")
if(NOT TwinlockKernel_CRYPTO)
  set(TwinlockKernel_FOUND FALSE)
  set(TwinlockKernel_NOT_FOUND_MESSAGE "BoringSSL's libcrypto is not there; say where it is with TwinlockKernel_CRYPTO")
  return()
endif()
if(NOT TARGET TwinlockKernel::crypto)
  add_library(TwinlockKernel::crypto UNKNOWN IMPORTED)
  set_target_properties(TwinlockKernel::crypto PROPERTIES IMPORTED_LOCATION ${TwinlockKernel_CRYPTO})
endif()
include(${CMAKE_CURRENT_LIST_DIR}/TwinlockKernelTargets.cmake)
