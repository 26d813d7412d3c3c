select topic, count(*) from cases group by 1
