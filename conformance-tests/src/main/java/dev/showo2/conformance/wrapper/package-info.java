/**
 * Backends around others, for tests: {@link dev.showo2.conformance.wrapper.AssertingBackend} checks
 * that whoever calls and whoever is called keep to the SPI, {@link
 * dev.showo2.conformance.wrapper.CrankyBackend} lets any call fail or wait.
 */
package dev.showo2.conformance.wrapper;
