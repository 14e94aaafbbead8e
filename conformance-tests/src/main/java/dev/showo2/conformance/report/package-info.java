/** What became of the checks of one run, and how it is written down. */
package dev.showo2.conformance.report;
