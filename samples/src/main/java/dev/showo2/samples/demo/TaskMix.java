package dev.showo2.samples.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/**
 * The order in which tasks are trained: dealt like cards, each as often in every block of steps as
 * its weight says. Seed and number of the step decide on it. Immutable and thread-safe.
 */
public final class TaskMix {

  private final long seed;
  private final List<DemoTask> tasks;
  private final List<DemoTask> block = new ArrayList<>();

  /**
   * Mixes tasks by their weights.
   *
   * @param seed of the order
   * @param tasks at least one
   */
  public TaskMix(long seed, Collection<DemoTask> tasks) {
    this.seed = seed;
    this.tasks = List.copyOf(EnumSet.copyOf(tasks));
    for (DemoTask task : this.tasks) {
      block.addAll(Collections.nCopies(task.weight(), task));
    }
  }

  /**
   * Returns the tasks that are mixed.
   *
   * @return in the order of the enum, each once
   */
  public List<DemoTask> tasks() {
    return tasks;
  }

  /**
   * Returns the task of a step.
   *
   * @param index of the step, from 0
   * @return one of the tasks
   */
  public DemoTask at(long index) {
    List<DemoTask> order = new ArrayList<>(block);
    Collections.shuffle(order, new Random(31 * seed + index / block.size()));
    return order.get((int) (index % block.size()));
  }
}
