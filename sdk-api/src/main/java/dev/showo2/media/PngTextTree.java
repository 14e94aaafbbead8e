package dev.showo2.media;

import javax.imageio.metadata.IIOMetadataNode;

/** Texts as the metadata tree from which javax.imageio writes the chunks of a PNG. */
final class PngTextTree {

  static final String FORMAT = "javax_imageio_png_1.0";

  private PngTextTree() {}

  /** Latin-1 goes into tEXt, which every program reads; all else into iTXt, which holds UTF-8. */
  static IIOMetadataNode of(PngText text) {
    IIOMetadataNode latin = new IIOMetadataNode("tEXt");
    IIOMetadataNode international = new IIOMetadataNode("iTXt");
    text.entries()
        .forEach(
            (keyword, value) -> {
              if (isLatin1(value)) {
                IIOMetadataNode entry = entry("tEXtEntry", keyword);
                entry.setAttribute("value", value);
                latin.appendChild(entry);
              } else {
                IIOMetadataNode entry = entry("iTXtEntry", keyword);
                entry.setAttribute("compressionFlag", "FALSE");
                entry.setAttribute("compressionMethod", "0");
                entry.setAttribute("languageTag", "");
                entry.setAttribute("translatedKeyword", "");
                entry.setAttribute("text", value);
                international.appendChild(entry);
              }
            });
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    appendUnlessEmpty(root, latin);
    appendUnlessEmpty(root, international);
    return root;
  }

  private static IIOMetadataNode entry(String name, String keyword) {
    IIOMetadataNode entry = new IIOMetadataNode(name);
    entry.setAttribute("keyword", keyword);
    return entry;
  }

  private static void appendUnlessEmpty(IIOMetadataNode root, IIOMetadataNode child) {
    if (child.hasChildNodes()) {
      root.appendChild(child);
    }
  }

  private static boolean isLatin1(String value) {
    return value
        .chars()
        .allMatch(c -> c == '\n' || c >= 0x20 && c <= 0x7e || c >= 0xa0 && c <= 0xff);
  }
}
