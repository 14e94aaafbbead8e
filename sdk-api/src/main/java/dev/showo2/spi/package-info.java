/**
 * How backends are found, chosen and opened. A vendor implements {@link
 * dev.showo2.spi.BackendProvider} and {@link dev.showo2.spi.Backend} and names the provider in
 * {@code META-INF/services}; one broken vendor never hides the others.
 */
package dev.showo2.spi;
