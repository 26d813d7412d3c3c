/** Access to the state of an open project. */
import { openState, type State } from "../../engine/warehouse/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";

/** Works with the state of the project's warehouse. It is open only for the call, as other processes write it. */
export const withProjectState = async <T>(project: OpenProject, work: (state: State) => T | Promise<T>): Promise<T> => {
  const state = openState(project.warehouse);
  try {
    return await work(state);
  } finally {
    state.close();
  }
};
