/**
 * The entry to the SDK: {@link dev.showo2.ShowO2} opens a bundle on a backend and gives the
 * pipelines.
 *
 * <p>Each public type carries {@link org.apiguardian.api.API}, whose status says what to rely on:
 *
 * <ul>
 *   <li>{@code MAINTAINED}: the API of applications, in this package, {@code pipeline}, {@code
 *       error}, {@code media}, {@code tensor}, {@code sampler}, {@code text}, {@code tiling}, and
 *       the types of {@code model} and {@code spi} that applications use. It does not break within
 *       a minor version, and what a later one breaks is named in the change log.
 *   <li>{@code EXPERIMENTAL}: the SPI of those who write backends and exporters, in {@code spi},
 *       {@code stage} and {@code model}. It may change with any version until several backends
 *       stand on it.
 *   <li>{@code INTERNAL}: machinery without any promise, in packages named {@code internal}.
 *   <li>{@code DEPRECATED}: a type or member with a better one beside it; it goes with the next
 *       minor version at the earliest.
 *   <li>{@code STABLE}: not used before version 1.0; it does not break within a major version.
 * </ul>
 */
package dev.showo2;
