/** The command line. */
package dev.showo2.samples.cli;
