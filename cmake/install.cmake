# SPDX-License-Identifier: MIT
# Headers, a CMake package, a pkg-config file and the licence. Everything is text and the same on every
# machine, hence share/ and not lib/.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(where ${CMAKE_INSTALL_DATADIR}/cmake/reco)
install(TARGETS reco EXPORT reco-targets FILE_SET HEADERS FILE_SET adapters)
install(EXPORT reco-targets NAMESPACE reco:: DESTINATION ${where})
configure_package_config_file(cmake/reco-config.cmake.in reco-config.cmake INSTALL_DESTINATION ${where})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(reco-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/reco-config.cmake ${PROJECT_BINARY_DIR}/reco-config-version.cmake
  DESTINATION ${where})
install(DIRECTORY cmake/components DESTINATION ${where})

# The prefix is where the file lies, two folders up: the tree can be moved.
configure_file(cmake/reco.pc.in reco.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/reco.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/reco)
