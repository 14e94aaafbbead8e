/**
 * One class per stage that writes its graph, read best beside the paper and SPEC 1 to 6; the layers
 * that several stages share have classes of their own. Internal to the module.
 */
package dev.showo2.export.internal.graph;
