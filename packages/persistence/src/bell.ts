/** Lets a loop rest between its rounds, and end. */
export interface Bell {
  /** Until so many milliseconds are over or it is rung; at once when it was rung since the last rest, or has ended. */
  readonly rest: (milliseconds: number) => Promise<void>;
  readonly ring: () => void;
  /** Rings for the last time. */
  readonly end: () => void;
  readonly hasEnded: () => boolean;
}

/** Unlike a race with promises that last long, it keeps nothing of the rests that are over. */
export function bell(): Bell {
  let [isRung, isOver] = [false, false];
  let wake: () => void = () => undefined;
  const ring = () => {
    isRung = true;
    wake();
  };
  return {
    rest: async (milliseconds) => {
      if (!isRung && !isOver)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      isRung = false;
    },
    ring,
    end: () => {
      isOver = true;
      ring();
    },
    hasEnded: () => isOver,
  };
}
