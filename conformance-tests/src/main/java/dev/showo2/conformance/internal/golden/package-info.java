/**
 * The files of golden cases, and the runners that compute each kind of case on a backend and
 * compare the results.
 */
package dev.showo2.conformance.internal.golden;
