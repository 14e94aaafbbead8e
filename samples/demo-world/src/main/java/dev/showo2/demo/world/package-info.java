/**
 * Scores for the demo model's images, videos, answers and stories: a renderer and rule-based
 * checkers of its world of colored shapes, and the prompts and questions to try it on.
 */
package dev.showo2.demo.world;
