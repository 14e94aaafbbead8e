/**
 * Draws the world of colored shapes, for training: images with prompts, questions and answers,
 * videos, stories and chats, each decided by a seed and an index alone.
 */
package dev.showo2.demo.world.generate;
