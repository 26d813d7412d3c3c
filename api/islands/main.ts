/** What runs in the browser. Every page works without it. */
import { keyboard } from "./keyboard.ts";

keyboard();
