/**
 * The numbered rules that a backend keeps. {@code RULES.md} is the book of these rules for people;
 * the checks that test them are in {@code check} and {@code golden}.
 */
package dev.showo2.conformance.rules;
