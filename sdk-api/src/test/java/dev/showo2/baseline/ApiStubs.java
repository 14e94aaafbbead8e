package dev.showo2.baseline;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes the public API of a module as Java sources without bodies, one file for each type, which
 * {@link ApiComparison} compiles and compares with the module.
 *
 * <p>Written are the public types outside of packages named {@code internal} with their public and
 * protected members, and the types that those extend, permit or mention.
 */
public final class ApiStubs extends AbstractProcessor {

  private static final String BODY = " { throw null; }";
  private static final Set<Modifier> OF_IMPLEMENTATION =
      EnumSet.of(Modifier.NATIVE, Modifier.SYNCHRONIZED, Modifier.STRICTFP, Modifier.TRANSIENT);

  private final Path target;
  private final Set<TypeElement> ours = new LinkedHashSet<>();
  private final Set<TypeElement> written = new LinkedHashSet<>();

  private ApiStubs(Path target) {
    this.target = target;
  }

  /**
   * Replaces the baseline of the module in the working directory by its API of today.
   *
   * @param args none
   * @throws IOException when a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Path baseline = Path.of(ApiComparison.BASELINE);
    write(Path.of("src/main/java"), baseline);
    System.out.println("The API of today is written to " + baseline.toAbsolutePath());
  }

  /**
   * Replaces what is in {@code target} by the API of the sources, read with the class path of this
   * process.
   */
  static void write(Path sources, Path target) throws IOException {
    if (Files.exists(target)) {
      try (Stream<Path> old = Files.walk(target)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> tree = Files.walk(sources)) {
      List<Path> units = tree.filter(each -> each.toString().endsWith(".java")).sorted().toList();
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              null,
              files,
              null,
              List.of("-proc:only", "-classpath", System.getProperty("java.class.path")),
              null,
              files.getJavaFileObjectsFromPaths(units));
      task.setProcessors(List.of(new ApiStubs(target)));
      if (!task.call()) {
        throw new IllegalStateException(sources + " does not compile");
      }
    }
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    if (round.processingOver()) {
      return false;
    }
    ours.addAll(ElementFilter.typesIn(round.getRootElements()));
    ours.stream().filter(ApiStubs::isApi).forEach(this::need);
    for (TypeElement type : written) {
      if (type.getEnclosingElement().getKind() == ElementKind.PACKAGE) {
        save(type);
      }
    }
    return false;
  }

  private static boolean isApi(TypeElement type) {
    String packageName = type.getEnclosingElement().toString();
    return type.getModifiers().contains(Modifier.PUBLIC)
        && !List.of(packageName.split("\\.")).contains("internal");
  }

  /** Adds a type, and those that its visible declarations mention. */
  private void need(TypeElement type) {
    if (!ours.contains(outermost(type)) || !written.add(type)) {
      return;
    }
    if (type.getEnclosingElement() instanceof TypeElement outer) {
      need(outer);
    }
    needAll(List.of(type.getSuperclass()));
    needAll(type.getInterfaces());
    needAll(type.getPermittedSubclasses());
    type.getTypeParameters().forEach(each -> needAll(each.getBounds()));
    type.getRecordComponents().forEach(each -> needAll(List.of(each.asType())));
    for (Element member : type.getEnclosedElements()) {
      if (!isVisible(member)) {
        continue;
      }
      if (member instanceof TypeElement nested) {
        need(nested);
      } else if (member instanceof ExecutableElement method) {
        needAll(List.of(method.getReturnType()));
        needAll(method.getThrownTypes());
        method.getTypeParameters().forEach(each -> needAll(each.getBounds()));
        method.getParameters().forEach(each -> needAll(List.of(each.asType())));
      } else {
        needAll(List.of(member.asType()));
      }
    }
  }

  private void needAll(List<? extends TypeMirror> types) {
    for (TypeMirror type : types) {
      if (type instanceof DeclaredType declared) {
        need((TypeElement) declared.asElement());
        needAll(declared.getTypeArguments());
      } else if (type instanceof ArrayType array) {
        needAll(List.of(array.getComponentType()));
      }
    }
  }

  private static TypeElement outermost(TypeElement type) {
    return type.getEnclosingElement() instanceof TypeElement outer ? outermost(outer) : type;
  }

  private static boolean isVisible(Element member) {
    return member.getModifiers().contains(Modifier.PUBLIC)
        || member.getModifiers().contains(Modifier.PROTECTED);
  }

  private void save(TypeElement type) {
    String packageName = type.getEnclosingElement().toString();
    Path file =
        target.resolve(packageName.replace('.', '/')).resolve(type.getSimpleName() + ".java");
    StringBuilder text = new StringBuilder("package " + packageName + ";\n\n");
    print(type, "", text);
    try {
      Files.createDirectories(file.getParent());
      // Names of the same package without it.
      Files.writeString(file, text.toString().replaceAll("\\b" + packageName + "\\.(?=[A-Z])", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(TypeElement type, String indent, StringBuilder text) {
    text.append(indent).append(header(type)).append(" {\n");
    List<String> members = new ArrayList<>();
    if (type.getKind() == ElementKind.ENUM) {
      members.add(
          type.getEnclosedElements().stream()
              .filter(each -> each.getKind() == ElementKind.ENUM_CONSTANT)
              .map(each -> each.getSimpleName().toString())
              .collect(joining(", ", "", ";")));
    }
    ElementFilter.fieldsIn(type.getEnclosedElements()).stream()
        .filter(each -> each.getKind() == ElementKind.FIELD && isVisible(each))
        .forEach(each -> members.add(field(each)));
    if (type.getKind() == ElementKind.CLASS) {
      members.addAll(constructors(type));
    }
    for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
      if (isVisible(method) && isWritten(method, type)) {
        members.add(method(method));
      }
    }
    members.forEach(each -> text.append(indent).append("  ").append(each).append('\n'));
    for (TypeElement nested : ElementFilter.typesIn(type.getEnclosedElements())) {
      if (written.contains(nested)) {
        print(nested, indent + "  ", text);
      }
    }
    text.append(indent).append("}\n");
  }

  private String header(TypeElement type) {
    Map<ElementKind, String> words =
        Map.of(
            ElementKind.CLASS, "class",
            ElementKind.RECORD, "record",
            ElementKind.ENUM, "enum",
            ElementKind.INTERFACE, "interface",
            ElementKind.ANNOTATION_TYPE, "@interface");
    Set<Modifier> modifiers = new LinkedHashSet<>(type.getModifiers());
    modifiers.removeAll(OF_IMPLEMENTATION);
    if (type.getKind() != ElementKind.CLASS) {
      modifiers.removeAll(Set.of(Modifier.FINAL, Modifier.ABSTRACT));
    }
    if (type.getKind() == ElementKind.ENUM) {
      modifiers.remove(Modifier.SEALED);
    }
    StringBuilder header =
        new StringBuilder(
            words(modifiers) + words.get(type.getKind()) + " " + type.getSimpleName());
    header.append(typeParameters(type.getTypeParameters()));
    if (type.getKind() == ElementKind.RECORD) {
      header.append(
          type.getRecordComponents().stream()
              .map(each -> name(each.asType()) + " " + each.getSimpleName())
              .collect(joining(", ", "(", ")")));
    }
    boolean extendsClass =
        type.getKind() == ElementKind.CLASS
            && type.getSuperclass().getKind() != TypeKind.NONE
            && !type.getSuperclass().toString().equals("java.lang.Object");
    if (extendsClass) {
      header.append(" extends ").append(name(type.getSuperclass()));
    }
    if (type.getKind() != ElementKind.ANNOTATION_TYPE) {
      String word = type.getKind() == ElementKind.INTERFACE ? " extends " : " implements ";
      header.append(list(word, type.getInterfaces()));
    }
    if (modifiers.contains(Modifier.SEALED)) {
      header.append(list(" permits ", type.getPermittedSubclasses()));
    }
    return header.toString();
  }

  private String field(VariableElement field) {
    Object constant = field.getConstantValue();
    String value =
        constant != null
            ? processingEnv.getElementUtils().getConstantExpression(constant)
            : unset(field.asType());
    return words(field.getModifiers())
        + name(field.asType())
        + " "
        + field.getSimpleName()
        + " = "
        + value
        + ";";
  }

  private List<String> constructors(TypeElement type) {
    List<ExecutableElement> visible = visibleConstructors(type);
    String before = " { " + superCall(type) + "throw null; }";
    if (visible.isEmpty()) {
      return List.of(type.getSimpleName() + "()" + before);
    }
    return visible.stream()
        .map(
            each ->
                words(each.getModifiers())
                    + typeParameters(each.getTypeParameters())
                    + type.getSimpleName()
                    + parameters(each)
                    + before)
        .toList();
  }

  private static List<ExecutableElement> visibleConstructors(TypeElement type) {
    return ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
        .filter(ApiStubs::isVisible)
        .toList();
  }

  /** A call that compiles of the shortest constructor of the superclass. */
  private String superCall(TypeElement type) {
    TypeElement parent = (TypeElement) ((DeclaredType) type.getSuperclass()).asElement();
    return visibleConstructors(parent).stream()
        .min(Comparator.comparingInt(each -> each.getParameters().size()))
        .map(
            each ->
                each.getParameters().stream()
                    .map(
                        parameter -> {
                          TypeMirror raw = processingEnv.getTypeUtils().erasure(parameter.asType());
                          return "(" + name(raw) + ") " + unset(raw);
                        })
                    .collect(joining(", ", "super(", "); ")))
        .orElse("");
  }

  private static String unset(TypeMirror type) {
    if (type.getKind() == TypeKind.BOOLEAN) {
      return "false";
    }
    return type.getKind().isPrimitive() ? "0" : "null";
  }

  private static boolean isWritten(ExecutableElement method, TypeElement type) {
    boolean ofEveryEnum =
        type.getKind() == ElementKind.ENUM
            && method.getModifiers().contains(Modifier.STATIC)
            && Set.of("values()", "valueOf(java.lang.String)").contains(method.toString());
    boolean accessor =
        type.getRecordComponents().stream().anyMatch(each -> method.equals(each.getAccessor()));
    return !ofEveryEnum && !accessor;
  }

  private String method(ExecutableElement method) {
    Set<Modifier> modifiers = new LinkedHashSet<>(method.getModifiers());
    modifiers.removeAll(OF_IMPLEMENTATION);
    boolean ofEnum = method.getEnclosingElement().getKind() == ElementKind.ENUM;
    boolean bodyless = !ofEnum && modifiers.contains(Modifier.ABSTRACT);
    if (ofEnum) {
      modifiers.remove(Modifier.ABSTRACT);
    }
    String value =
        method.getDefaultValue() == null ? "" : " default " + method.getDefaultValue().toString();
    return words(modifiers)
        + typeParameters(method.getTypeParameters())
        + (method.getTypeParameters().isEmpty() ? "" : " ")
        + name(method.getReturnType())
        + " "
        + method.getSimpleName()
        + parameters(method)
        + list(" throws ", method.getThrownTypes())
        + value
        + (bodyless ? ";" : BODY);
  }

  private static String parameters(ExecutableElement method) {
    List<? extends VariableElement> all = method.getParameters();
    List<String> each = new ArrayList<>();
    for (VariableElement parameter : all) {
      String type = name(parameter.asType());
      if (method.isVarArgs() && parameter == all.get(all.size() - 1)) {
        type = type.substring(0, type.length() - 2) + "...";
      }
      each.add(type + " " + parameter.getSimpleName());
    }
    return "(" + String.join(", ", each) + ")";
  }

  private static String typeParameters(List<? extends TypeParameterElement> all) {
    if (all.isEmpty()) {
      return "";
    }
    return all.stream()
        .map(
            each ->
                each
                    + each.getBounds().stream()
                        .map(ApiStubs::name)
                        .filter(bound -> !bound.equals("Object"))
                        .collect(joining(" & ", " extends ", ""))
                        .replaceFirst("^ extends $", ""))
        .collect(joining(", ", "<", ">"));
  }

  private static String list(String word, List<? extends TypeMirror> types) {
    return types.isEmpty()
        ? ""
        : types.stream().map(ApiStubs::name).collect(joining(", ", word, ""));
  }

  private static String words(Set<Modifier> modifiers) {
    return modifiers.stream().map(each -> each + " ").collect(joining());
  }

  /** The name with its package, which only {@code java.lang} goes without. */
  private static String name(TypeMirror type) {
    return type.toString().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "").replace(",", ", ");
  }
}
