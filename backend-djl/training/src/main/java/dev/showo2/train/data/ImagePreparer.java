package dev.showo2.train.data;

import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads images and videos to be encoded, or finds in a cache what they were encoded to. One thread
 * at a time uses it.
 *
 * @param media says which pixels are taken
 * @param video whether they are videos
 * @param id identifies what encodes them
 * @param fits tells whether cached tensors are of the expected shapes
 */
record ImagePreparer(
    MediaPixels media,
    boolean video,
    Optional<TensorCache> cache,
    String id,
    Predicate<List<HostTensor>> fits) {

  /**
   * @throws BadExampleException if there is no such file, or it is broken or too small
   */
  PreparedImage prepare(ExampleMedia visual) {
    if (cache.isEmpty()) {
      return new PreparedImage(
          Optional.of(pixels(visual)), Optional.empty(), Optional.empty(), false);
    }
    Optional<HostTensor> pixels = Optional.empty();
    String key;
    if (visual instanceof ExampleMedia.OfImages) {
      HostTensor read = pixels(visual);
      pixels = Optional.of(read);
      key = key(digest -> digest.update(bytes(read)));
    } else {
      key = key(digest -> addContent(visual, digest));
    }
    Optional<List<HostTensor>> encoded = cache.get().get(key).filter(fits);
    if (encoded.isEmpty() && pixels.isEmpty()) {
      pixels = Optional.of(pixels(visual));
    }
    return new PreparedImage(
        encoded.isPresent() ? Optional.empty() : pixels, Optional.of(key), encoded, false);
  }

  private HostTensor pixels(ExampleMedia visual) {
    return media.read(visual, video);
  }

  /** Whatever changes the pixels is part of the key, the limits that may refuse a file included. */
  private String key(Consumer<MessageDigest> content) {
    MessageDigest digest = Sha256.newDigest();
    digest.update((id + "\n" + media + "\n").getBytes(StandardCharsets.UTF_8));
    content.accept(digest);
    return Sha256.hex(digest.digest());
  }

  private static void addContent(ExampleMedia visual, MessageDigest digest) {
    try {
      if (visual instanceof ExampleMedia.OfFile file && Files.isRegularFile(file.path())) {
        try (InputStream input = Files.newInputStream(file.path())) {
          byte[] block = new byte[1 << 16];
          for (int read = input.read(block); read >= 0; read = input.read(block)) {
            digest.update(block, 0, read);
          }
        }
      } else if (visual instanceof ExampleMedia.OfFile file && Files.isDirectory(file.path())) {
        addFolder(file, digest);
      } else {
        ((ExampleMedia.OfBytes) visual)
            .bytes()
            .copyTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      }
    } catch (IOException e) {
      throw MediaPixels.unreadable(visual, e);
    }
  }

  /** A video as a folder of images. */
  private static void addFolder(ExampleMedia.OfFile folder, MessageDigest digest)
      throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      for (Path file : files.sorted().toList()) {
        digest.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        addContent(ExampleMedia.of(file), digest);
      }
    }
  }

  private static byte[] bytes(HostTensor tensor) {
    ByteBuffer buffer = ByteBuffer.allocate(tensor.values().length * Float.BYTES);
    buffer.asFloatBuffer().put(tensor.values());
    return buffer.array();
  }
}
