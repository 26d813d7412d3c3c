import { defineDimension } from "../../engine/index.ts";

export const topic = defineDimension({
  name: "topic",
  title: "Case topic",
  description: "The topic of a service case.",
  table: "dim_topic",
  key: "topic_id",
  label: "name",
  attributes: {
    name: { sql: "topic_name", title: "Topic" },
    area: { sql: "topic_area", title: "Area" },
    is_complaint: { sql: "is_complaint", title: "Is a complaint", type: "boolean" },
  },
  hierarchies: { topics: ["area", "name"] },
});
