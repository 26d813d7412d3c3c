select d::date::varchar, (select sum(amount) from sales where sold_on > d - interval 28 day and sold_on <= d), (select count(distinct customer_id) from sales where sold_on > d - interval 28 day and sold_on <= d), (select sum(amount) from sales where sold_on > d - interval 3 month and sold_on <= d)
from generate_series(date '2024-06-28', date '2024-07-02', interval 1 day) t(d)
