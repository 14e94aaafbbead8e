package dev.showo2.train.recipe;

import dev.showo2.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML document as texts, lists and maps with their lines. Size, depth and number of nodes are
 * bounded, nothing is constructed, and anchors, aliases, tags and second documents are refused: a
 * few lines could stand for gigabytes.
 */
final class YamlTree {

  private static final int MAX_CHARACTERS = 1 << 18;
  private static final int MAX_DEPTH = 16;

  private final String origin;
  private final Iterator<Event> events;

  private YamlTree(String origin, Iterator<Event> events) {
    this.origin = origin;
    this.events = events;
  }

  /** A value with the line that it begins in, counted from 1. */
  sealed interface Node permits Text, Items, Entries {
    int line();
  }

  /**
   * @param quoted whether it is a text even if it reads like a number or like nothing
   */
  record Text(String value, boolean quoted, int line) implements Node {

    /** {@return whether no value is given} */
    boolean isEmpty() {
      return !quoted && (value.isEmpty() || value.equals("~") || value.equals("null"));
    }
  }

  record Items(List<Node> values, int line) implements Node {}

  /**
   * @param values by key, in their order
   * @param lines of the keys
   */
  record Entries(Map<String, Node> values, Map<String, Integer> lines, int line) implements Node {}

  /**
   * Parses a document.
   *
   * @param origin its file, for messages
   * @throws InvalidRequestException if it is no YAML, too large, or more than plain data
   */
  static Entries parse(String text, String origin) {
    if (text.length() > MAX_CHARACTERS) {
      throw new InvalidRequestException(
          origin
              + " has "
              + text.length()
              + " characters, more than the "
              + MAX_CHARACTERS
              + " of a configuration; name a file of settings");
    }
    LoadSettings settings = LoadSettings.builder().setLabel(origin).build();
    try {
      return new YamlTree(origin, new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(mark -> ":" + line(mark)).orElse("");
      throw new InvalidRequestException(
          origin + where + ": this is no valid YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new InvalidRequestException(origin + ": this is no valid YAML: " + e.getMessage(), e);
    }
  }

  private Entries document() {
    Event event = events.next();
    while (event.getEventId() == Event.ID.StreamStart
        || event.getEventId() == Event.ID.DocumentStart) {
      event = events.next();
    }
    if (!(event instanceof MappingStartEvent start)) {
      throw error(event, "expected keys and values, such as 'steps: 1000'");
    }
    Entries root = entries(start, 1);
    Event end = events.next(); // Of the document.
    end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw error(end, "a second document begins here; a configuration is one");
    }
    return root;
  }

  private Node node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw error(event, "nested more than " + MAX_DEPTH + " times");
    }
    if (event instanceof AliasEvent
        || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw error(event, "anchors and aliases (& and *) are not supported; repeat the value");
    }
    if (event instanceof ScalarEvent scalar) {
      if (scalar.getTag().isPresent()) {
        throw error(event, "tags (!) are not supported; leave it out");
      }
      boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
      return new Text(scalar.getValue(), quoted, line(event));
    }
    if (event instanceof SequenceStartEvent) {
      List<Node> values = new ArrayList<>();
      for (Event next = events.next();
          next.getEventId() != Event.ID.SequenceEnd;
          next = events.next()) {
        values.add(node(next, depth + 1));
      }
      return new Items(values, line(event));
    }
    return entries((MappingStartEvent) event, depth);
  }

  private Entries entries(MappingStartEvent start, int depth) {
    if (start.getAnchor().isPresent()) {
      throw error(start, "anchors and aliases (& and *) are not supported; repeat the value");
    }
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
      if (!(key instanceof ScalarEvent name)) {
        throw error(key, "expected the name of a setting");
      }
      if (values.containsKey(name.getValue())) {
        throw error(
            key,
            "'"
                + name.getValue()
                + "' was set in line "
                + lines.get(name.getValue())
                + " already; set it once");
      }
      lines.put(name.getValue(), line(key));
      values.put(name.getValue(), node(events.next(), depth + 1));
    }
    return new Entries(values, lines, line(start));
  }

  private InvalidRequestException error(Event event, String what) {
    return new InvalidRequestException(origin + ":" + line(event) + ": " + what);
  }

  private static int line(Event event) {
    return event.getStartMark().map(YamlTree::line).orElse(1);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
