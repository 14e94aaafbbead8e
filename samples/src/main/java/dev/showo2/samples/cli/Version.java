package dev.showo2.samples.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: all that a report of an error should say of its surroundings. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "showo2 " + (version == null ? "(not packaged)" : version),
      "Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
