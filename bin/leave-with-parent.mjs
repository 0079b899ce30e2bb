// Preloaded into what bin/loopline.mjs starts: when the starter is gone, killed perhaps, this process asks itself to stop.

if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // The channel alone must not keep a program alive that has nothing more to do.
  process.channel.unref()
}
