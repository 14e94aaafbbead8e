/**
 * Video files, read and written frame by frame (SPEC 8): {@link dev.showo2.media.video.VideoReader}
 * opens a {@link dev.showo2.media.video.FrameSource} or samples frames, {@link
 * dev.showo2.media.video.VideoWriter} is a {@link dev.showo2.media.video.FrameSink}.
 *
 * <p>Animated GIFs and folders of images need nothing but the JDK. For MP4, WebM and the like an
 * application adds FFmpeg as Bytedeco packages it, about 27 MB: the artifact {@code
 * org.bytedeco:ffmpeg} and, with the classifier of its platform ({@code linux-x86_64}, {@code
 * linux-arm64}, {@code macosx-arm64}, {@code macosx-x86_64} or {@code windows-x86_64}), {@code
 * org.bytedeco:ffmpeg} and {@code org.bytedeco:javacpp}. The versions are {@code ffmpeg.version}
 * and {@code javacpp.version} of the SDK's parent; where something is missing, the error names
 * them.
 *
 * <p>Effects on the process:
 *
 * <ul>
 *   <li>The libraries are unpacked on first use, once, into a cache folder that JavaCPP shares
 *       between programs: {@code ~/.javacpp/cache}, or one in the temporary folder if that cannot
 *       be written. The system property {@code org.bytedeco.javacpp.cachedir} names another one.
 *   <li>FFmpeg has one log level for the whole process. It is set to quiet unless the program has
 *       chosen another.
 *   <li>JavaCPP's limit on the memory of the process is lifted unless the program has set {@code
 *       org.bytedeco.javacpp.maxPhysicalBytes} or used JavaCPP before: a large model next to a
 *       small heap would exceed it. JavaCPP starts a daemon thread.
 *   <li>Files are parsed by native code. Only video containers are read, no playlists, and no other
 *       file is opened; sizes are bounded. Where videos come from untrusted sources, keep FFmpeg up
 *       to date.
 * </ul>
 */
package dev.showo2.media.video;
