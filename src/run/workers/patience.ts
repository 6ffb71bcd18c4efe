/**
 * Milliseconds that tasks wait without a break before more processes are started. A handful of photos is done by then, and a start
 * would cost more than they do; a long run loses no more than that once.
 */
const START_AFTER = 100;

/** How long the processes that are there are waited for, before more are started. */
export interface Patience {
  /** Whether it lasts. @param tasks number of those that wait now. Where there are none, it begins anew with the next. */
  readonly lasts: (tasks: number) => boolean;
  readonly end: () => void;
}

/** @param onOver called when tasks have waited for so long. */
export const newPatience = (onOver: () => void, milliseconds = START_AFTER): Patience => {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
    isOver = false;
  };
  const over = () => {
    isOver = true;
    onOver();
  };
  return {
    lasts: (tasks) => {
      if (tasks === 0) end();
      else timer ??= setTimeout(over, milliseconds);
      return !isOver;
    },
    end,
  };
};
