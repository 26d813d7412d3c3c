select sold_on = '2024-12-25', case when sold_on = '2024-12-25' then 'Christmas' end, count(*) from sales group by 1, 2
