/** The demo checkpoint as resources, with the outputs of the official code for it. */
package dev.showo2.demo.model;
