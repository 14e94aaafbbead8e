/**
 * The faults that are made when Show-o2 is implemented, as backends that compute everything right
 * but for one of them. The kit is tested with them; and where a backend fails, the report says
 * whose values it has.
 *
 * <p>Most are the right reference backend with other sizes, weights or formulas; those that lie in
 * how a backend is called are written around any right one.
 */
package dev.showo2.conformance.fault;
