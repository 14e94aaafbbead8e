/**
 * Properties that hold for every backend on any model, however odd its sizes: {@link
 * dev.showo2.conformance.property.BackendProperties} is the door. Needs jqwik, an optional
 * dependency of the kit.
 */
package dev.showo2.conformance.property;
