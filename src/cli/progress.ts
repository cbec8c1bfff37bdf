import { printable } from '../reporters/index.js';
import type { Io } from './io.js';

/** Shows what is being done: one line that rewrites itself on a terminal, plain lines elsewhere. */
export interface Progress {
  /** `line` is what a log gets instead of `text`; nothing where it is `null`. */
  show(text: string, line: string | null): void;
  end(): void;
}

/** A person sees no more than this, and a terminal over a slow line is not flooded. */
const REDRAW_MILLISECONDS = 80;

export function startProgress(io: Io): Progress {
  const isLive = io.errorIsTerminal && (io.env['CI'] ?? '') === '' && io.env['TERM'] !== 'dumb';
  return isLive ? liveProgress(io) : plainProgress(io);
}

function liveProgress(io: Io): Progress {
  let isShown = false;
  let drawnAt = 0;
  return {
    show: (text) => {
      const now = io.now().getTime();
      if (isShown && now - drawnAt < REDRAW_MILLISECONDS) return;
      drawnAt = now;
      isShown = true;
      io.writeError(`\r\u001B[K${printable(text).slice(0, (io.columns ?? 80) - 1)}`);
    },
    end: () => {
      if (isShown) io.writeError('\r\u001B[K');
      isShown = false;
    },
  };
}

const plainProgress = (io: Io): Progress => ({
  show: (_text, line) => {
    if (line !== null) io.writeError(`${printable(line)}\n`);
  },
  end: () => undefined,
});
