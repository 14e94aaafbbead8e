/**
 * The numbered rules that a backend keeps, and the checks that test them. {@code RULES.md} is the
 * book of these rules for people.
 */
package dev.showo2.conformance.rules;
