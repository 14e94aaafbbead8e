/** Engines that were built on this machine, kept for later starts, and the process that builds. */
package dev.showo2.backend.tensorrt.internal.engines;
