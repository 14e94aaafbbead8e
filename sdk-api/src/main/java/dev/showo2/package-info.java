/**
 * The door to the SDK: {@link dev.showo2.ShowO2} opens a bundle on a backend and gives the
 * pipelines that draw and answer.
 */
package dev.showo2;
