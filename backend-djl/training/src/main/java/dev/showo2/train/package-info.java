/** Training of Show-o2: recipes, runs, and what they report. */
package dev.showo2.train;
