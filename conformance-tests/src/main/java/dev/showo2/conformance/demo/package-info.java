/**
 * How good the demo model's pictures and answers are: a rule-based checker of its world of coloured
 * shapes, and the prompts and questions to try it on.
 */
package dev.showo2.conformance.demo;
