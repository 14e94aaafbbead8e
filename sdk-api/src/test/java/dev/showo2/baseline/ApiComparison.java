package dev.showo2.baseline;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiConstructor;
import japicmp.model.JApiField;
import japicmp.model.JApiHasAccessModifier;
import japicmp.model.JApiImplementedInterface;
import japicmp.model.JApiMethod;
import japicmp.model.JApiModifier;
import japicmp.model.JApiParameter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compares the API of a module with an earlier one by japicmp, and names each break. */
public final class ApiComparison {

  /** The folder of the baseline in a module, which {@link ApiStubs} writes. */
  static final String BASELINE = "src/api/baseline";

  private ApiComparison() {}

  /**
   * Returns the changes that break code compiled, or to be compiled, against the old classes.
   *
   * @param oldClasses a folder of class files, the baseline
   * @param newClasses a folder of class files, the module
   * @param work a folder for the jars that japicmp reads
   * @return a line for each break, such as {@code dev.showo2.Shape#rank(): METHOD_REMOVED}
   */
  static SortedSet<String> breaks(Path oldClasses, Path newClasses, Path work) throws IOException {
    JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
    options.setAccessModifier(AccessModifier.PROTECTED);
    options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
    options.setNoAnnotations(true);
    List<JApiClass> classes =
        new JarArchiveComparator(options)
            .compare(
                new JApiCmpArchive(jar(oldClasses, work.resolve("old.jar")).toFile(), "old"),
                new JApiCmpArchive(jar(newClasses, work.resolve("new.jar")).toFile(), "new"));
    SortedSet<String> breaks = new TreeSet<>();
    classes.stream()
        .filter(each -> !each.getFullyQualifiedName().contains(".internal."))
        .forEach(each -> collect(each, breaks));
    return breaks;
  }

  /**
   * Compiles the sources under a folder.
   *
   * @param known folders of class files that the sources may use, besides libraries
   * @return {@code target}
   */
  static Path compile(Path sources, Path target, Path... known) throws IOException {
    Files.createDirectories(target);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> tree = Files.walk(sources)) {
      List<Path> units = tree.filter(each -> each.toString().endsWith(".java")).sorted().toList();
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-Xlint:none",
              "-classpath",
              classPath(known),
              "-d",
              target.toString());
      boolean compiled =
          compiler
              .getTask(errors, files, null, options, null, files.getJavaFileObjectsFromPaths(units))
              .call();
      if (!compiled) {
        throw new IllegalStateException(sources + " does not compile:\n" + errors);
      }
    }
    return target;
  }

  /** The class path without the classes of this module, which would stand in for missing ones. */
  private static String classPath(Path... known) {
    Path module = Path.of("").toAbsolutePath();
    return Stream.concat(
            Stream.of(known).map(Path::toString),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !Path.of(each).startsWith(module)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Path classes, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> tree = Files.walk(classes)) {
      for (Path each : tree.filter(file -> file.toString().endsWith(".class")).sorted().toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, jar);
      }
    }
    return target;
  }

  private static void collect(JApiClass type, SortedSet<String> breaks) {
    String name = type.getFullyQualifiedName();
    add(name, type, breaks);
    add(name + " extends", type.getSuperclass(), breaks);
    for (JApiImplementedInterface each : type.getInterfaces()) {
      add(name + " implements " + each.getFullyQualifiedName(), each, breaks);
    }
    for (JApiField each : type.getFields()) {
      if (isVisible(each)) {
        add(name + "#" + each.getName(), each, breaks);
      }
    }
    for (JApiConstructor each : type.getConstructors()) {
      if (isVisible(each)) {
        add(name + "#" + signature(each), each, breaks);
      }
    }
    for (JApiMethod each : type.getMethods()) {
      if (isVisible(each)) {
        add(name + "#" + signature(each), each, breaks);
        add(name + "#" + signature(each), each.getReturnType(), breaks);
      }
    }
  }

  /** Before or after: a constructor that was never visible is reported as removed all the same. */
  private static boolean isVisible(JApiHasAccessModifier member) {
    JApiModifier<AccessModifier> modifier = member.getAccessModifier();
    return Stream.of(modifier.getOldModifier(), modifier.getNewModifier())
        .flatMap(Optional::stream)
        .anyMatch(each -> each == AccessModifier.PUBLIC || each == AccessModifier.PROTECTED);
  }

  private static void add(String what, JApiCompatibility element, SortedSet<String> breaks) {
    element.getCompatibilityChanges().stream()
        .filter(change -> !change.isBinaryCompatible() || !change.isSourceCompatible())
        .forEach(change -> breaks.add(what + ": " + change.getType()));
  }

  private static String signature(JApiBehavior each) {
    return each.getParameters().stream()
        .map(JApiParameter::getType)
        .collect(Collectors.joining(", ", each.getName() + "(", ")"));
  }
}
